// Unpacks the page of this file and starts it. A classic script, since a module cannot be loaded from a file.
(async () => {
  const bytes = (id) => Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  try {
    const packed = document.getElementById('packed');
    const unpacked = new Blob([bytes('packed')]).stream().pipeThrough(new DecompressionStream('gzip'));
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
