from . import read as load_file
