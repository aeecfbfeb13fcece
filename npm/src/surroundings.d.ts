// What scripts/package.mjs puts in the place of these modules, and what only some platforms have.

declare module 'tepal:platform' {
  export function read(address: string | URL): Promise<Uint8Array<ArrayBuffer>>;
  export function codeAt(find: () => string | URL): () => Promise<BufferSource>;
}

declare module 'tepal:glue/*' {
  export function newBuild(): any;
}

declare module 'tepal:code/*' {
  export function locate(): Promise<BufferSource | WebAssembly.Module>;
}

declare module 'node:fs/promises' {
  export function readFile(file: string | URL): Promise<Uint8Array<ArrayBuffer>>;
}

declare var process: { getBuiltinModule?: (name: string) => any } | undefined;

declare module 'tepal:element.html' {
  const markup: string;
  export default markup;
}

declare module 'tepal:element.css' {
  const styles: string;
  export default styles;
}
