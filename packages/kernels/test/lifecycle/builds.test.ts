/** The two builds of our module. */
import { describe, expect, test, vi } from 'vitest';
import { plain, relaxed } from '../../src/wasm/backend/binary.ts';
import { moduleFor } from '../../src/wasm/backend/module.ts';
import { install } from '../../src/wasm.ts';
import { expectRight, onWasm } from '../support/lifecycle.ts';

onWasm();

describe('builds', () => {
  const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
  const hasRelaxed = WebAssembly.validate(bytesOf(relaxed));

  test('the best one that this engine takes is the one in use', async () => {
    expect(WebAssembly.validate(bytesOf(plain))).toBe(true);
    expect(await install()).toMatchObject({ build: hasRelaxed ? 'relaxed-simd' : 'simd' });
  });

  test('Node 22 and later have relaxed SIMD, so multiply and add are one instruction there', () => {
    const major = Number(process.versions.node.split('.')[0]);
    expect(hasRelaxed || major < 22).toBe(true);
  });

  test('without relaxed SIMD it is the plain one', async () => {
    const validate = WebAssembly.validate;
    vi.spyOn(WebAssembly, 'validate').mockImplementation(
      bytes => (bytes as Uint8Array).length === bytesOf(plain).length && validate(bytes),
    );
    expect(await install()).toMatchObject({ installed: true, build: 'simd' });
    expectRight();
  });

  describe.each([
    ['plain', 'simd', true],
    ['relaxed', 'relaxed-simd', hasRelaxed],
  ] as const)('%s', (_, build, valid) => {
    const reason = valid ? '' : ' (WebAssembly.validate refuses it in this engine)';
    test.skipIf(!valid)(`imports a memory and nothing else, shared or not, and computes in it${reason}`, () => {
      for (const shared of [false, true]) {
        const module = moduleFor(build, shared);
        expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
        expect(moduleFor(build, shared)).toBe(module);
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared });
        const { exports } = new WebAssembly.Instance(module, { env: { memory } });
        const { sumEachRow, fill } = exports as Record<string, (...args: number[]) => void>;
        // nothing of its own is written into it
        expect(new Uint8Array(memory.buffer).every(byte => byte === 0)).toBe(true);
        fill!(64, 33, 0.5);
        sumEachRow!(64, 1, 33, 1024, 2);
        expect(new Float32Array(memory.buffer)[256]).toBe(33);
      }
    });
    test.skipIf(!valid)(`has the functions of the other${reason}`, () => {
      const functions = (name: 'simd' | 'relaxed-simd') => WebAssembly.Module.exports(moduleFor(name, false));
      expect(functions(build)).toEqual(functions('simd'));
    });
  });
});
