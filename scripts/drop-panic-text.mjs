// Replaces the bodies of functions that only write text for panics by a trap: `node drop-panic-text.mjs FILE.wasm`,
// in place.
//
// Debug text appears in panic messages only, where an `unwrap` in a dependency quotes the error it met, and so does
// the Display text of the dependencies' errors, which tepal replaces by its own. After a panic the module is dead
// anyway. rustc can leave Debug out with -Zfmt-debug=none, on nightly only. It matters because anyhow's Debug prints a
// backtrace, and with it comes a demangler: 14 KB (brotli) of the training build that never run.
// The names are read from the module's name section, so this comes before they are stripped.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const PANIC_TEXT = [
  /Debug>::fmt|PadAdapter|escape_debug|is_printable|grapheme_extend|slice_error_fail/,
  /^anyhow::fmt|rustc_demangle|backtrace/,
  /(anyhow|argmin|bincode|linfa|rand_core).*Display.*::fmt/,
];
const { Features } = binaryen;
const RUST_FEATURES =
  Features.BulkMemory | Features.MutableGlobals | Features.SignExt | Features.NontrappingFPToInt |
  Features.Multivalue | Features.ReferenceTypes | Features.SIMD128;

const path = process.argv[2];
const module = binaryen.readBinary(readFileSync(path));
module.setFeatures(RUST_FEATURES);
binaryen.setDebugInfo(true);
for (let index = 0; index < module.getNumFunctions(); index += 1) {
  const pointer = module.getFunctionByIndex(index);
  const { name } = binaryen.getFunctionInfo(pointer);
  if (PANIC_TEXT.some((pattern) => pattern.test(name))) {
    binaryen.Function.setBody(pointer, module.unreachable());
  }
}
writeFileSync(path, module.emitBinary());
