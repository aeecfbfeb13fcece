// Unpacks the page of this file and starts it. A classic script, since a module cannot be loaded from a file.
(async () => {
  const textOf = (id) => document.getElementById(id).textContent;
  const bytes = (id) => Uint8Array.from(atob(textOf(id)), (c) => c.charCodeAt(0));
  // Four bytes in five characters: scripts/single.mjs says how.
  const unpack = (text) => {
    const words = new DataView(new ArrayBuffer((text.length / 5) * 4));
    for (let at = 0; at < text.length; at += 5) {
      let word = 0;
      for (let i = at; i < at + 5; i += 1) {
        const code = text.charCodeAt(i);
        word = word * 85 + (code === 122 ? 60 : code) - 35;
      }
      words.setUint32((at / 5) * 4, word);
    }
    return words.buffer;
  };
  try {
    const packed = document.getElementById('packed');
    const zipped = new Uint8Array(unpack(textOf('packed')), 0, Number(packed.dataset.bytes));
    const unpacked = new Blob([zipped]).stream().pipeThrough(new DecompressionStream('gzip'));
    const all = await new Response(unpacked).arrayBuffer();
    let end = 0;
    const [markup, style, script, build] = packed.dataset.lengths.split(' ').map((length) => {
      const begin = end;
      end += Number(length);
      return new Uint8Array(all, begin, Number(length));
    });
    const text = (part) => new TextDecoder().decode(part);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text(style));
    document.adoptedStyleSheets = [sheet];
    const model = bytes('model');
    const module = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
    document.body.innerHTML = text(markup);
    await module.start(build, model);
  } catch (error) {
    const told = document.createElement('p');
    told.setAttribute('role', 'alert');
    told.textContent = `This page could not be started: ${error.message}. It needs a browser of 2023 or later.
此页无法启动：${error.message}。需要 2023 年或之后的浏览器。`;
    document.body.append(told);
  }
})();
