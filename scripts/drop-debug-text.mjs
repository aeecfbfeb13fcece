// Replaces the bodies of Debug formatting by a trap: `node drop-debug-text.mjs FILE.wasm`, in place.
//
// Debug text appears in panic messages only, where an `unwrap` in a dependency quotes the error it met; after a panic
// the module is dead anyway. rustc can leave it out with -Zfmt-debug=none, on nightly only. It matters because anyhow's
// Debug prints a backtrace, and with it comes a demangler: 12 KB (brotli) of the training build that never runs.
// The names are read from the module's name section, so this comes before they are stripped.
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'binaryen';

const DEBUG_TEXT = /Debug>::fmt|^anyhow::fmt|rustc_demangle|backtrace/;
const { Features } = binaryen;
const RUST_FEATURES =
  Features.BulkMemory | Features.MutableGlobals | Features.SignExt | Features.NontrappingFPToInt |
  Features.Multivalue | Features.ReferenceTypes;

const path = process.argv[2];
const module = binaryen.readBinary(readFileSync(path));
module.setFeatures(RUST_FEATURES);
binaryen.setDebugInfo(true);
for (let index = 0; index < module.getNumFunctions(); index += 1) {
  const pointer = module.getFunctionByIndex(index);
  if (DEBUG_TEXT.test(binaryen.getFunctionInfo(pointer).name)) {
    binaryen.Function.setBody(pointer, module.unreachable());
  }
}
writeFileSync(path, module.emitBinary());
