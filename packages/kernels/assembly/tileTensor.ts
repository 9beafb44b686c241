/** Each of `outer` blocks of `bytes`, `times` times in a row. */
export function repeatBlocks(from: usize, to: usize, outer: i32, bytes: usize, times: i32): void {
  for (let i = 0; i < outer; i++, from += bytes) {
    memory.copy(to, from, bytes);
    // what is there doubles until it is all there
    const all = bytes * times;
    for (let done = bytes; done < all; ) {
      const more = min(done, all - done);
      memory.copy(to + done, to, more);
      done += more;
    }
    to += all;
  }
}
