// Makes figures of a report live: uPlot draws what can be zoomed, a slider walks through matrices. Without this script
// the page shows every figure as SVG.
'use strict';
(() => {
  const figures = JSON.parse(document.getElementById('data').textContent);
  const palette = JSON.parse(document.getElementById('palette').textContent);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const digits = value => value == null ? '' : Number(value.toPrecision(4)).toString();
  const tick = value => value !== 0 && Math.abs(value) < 1e-3 ? Number(value.toPrecision(6)).toExponential()
    : Number(value.toPrecision(10)).toLocaleString('en', {maximumFractionDigits: 9});
  const seen = [];

  // uPlot wants one list of x for all traces of a plot, ascending. Dots may share their x (cells that fire together),
  // so each has an entry of its own.
  function align(traces) {
    if (traces.some(t => t.kind === 'dots')) {
      const all = traces.flatMap((t, k) => t.x.map((x, i) => [x, k, t.y[i]])).sort((a, b) => a[0] - b[0]);
      return [all.map(dot => dot[0]), ...traces.map((t, k) => all.map(dot => dot[1] === k ? dot[2] : null))];
    }
    const tables = traces.map(t => t.low ? [t.x, t.y, t.low, t.high] : [t.x, t.y]);
    const same = traces.every(t => t.x.length === traces[0].x.length && t.x.every((v, i) => v === traces[0].x[i]));
    return same ? [traces[0].x, ...tables.flatMap(rows => rows.slice(1))] : uPlot.join(tables);
  }

  function options(figure, width) {
    const ink = colour('--ink'), grid = {stroke: colour('--grid'), width: 1};
    const series = [{label: figure.x.text, value: (u, v) => digits(v)}], bands = [], paints = [];
    for (const t of figure.traces) {
      const paint = colour(t.colour < 0 ? '--axis' : t.colour >= palette.ordered ? `--s${t.colour - palette.ordered}` : `--c${t.colour % palette.colours}`), at = series.length, dots = t.kind === 'dots';
      paints[at] = paint;
      series.push({
        label: t.label || figure.y.text, stroke: paint, width: dots ? 0 : 1.6, dash: t.dashed ? [5, 4] : undefined,
        points: dots ? {show: true, size: t.x.length > 2000 ? 1.6 : 5, width: 0, fill: paint} : {show: false},
        paths: dots ? () => null : t.kind === 'steps' ? uPlot.paths.stepped({align: 1}) : undefined,
        value: (u, v) => digits(v),
      });
      if (t.low) {
        const edge = {label: ' ', stroke: 'transparent', width: 0, points: {show: false}, value: () => ''};
        series.push({...edge}, {...edge});
        bands.push({series: [at + 2, at + 1], fill: paint + '2e'});
      }
    }
    const axis = a => ({stroke: ink, grid, ticks: grid, label: a.text, labelSize: 20, font: '11px system-ui',
                        labelFont: '12px system-ui', values: a.log ? undefined : (u, splits) => splits.map(tick)});
    return {
      width, height: Math.round(Math.max(220, width * 0.52)), series, bands,
      axes: [{...axis(figure.x), size: 34}, {...axis(figure.y), size: 64}],
      scales: {x: {time: false, distr: figure.x.log ? 3 : 1}, y: {distr: figure.y.log ? 3 : 1, range: figure.y.max == null ? undefined : [figure.y.min, figure.y.max]}},
      cursor: {drag: {x: true, y: false}, sync: figure.x.time ? {key: 'time', setSeries: false} : undefined},
      legend: {markers: {width: 2, stroke: (u, i) => paints[i], dash: (u, i) => series[i].dash ? 'dashed' : 'solid'}},
    };
  }

  function draw(entry) {
    const width = entry.host.clientWidth;
    if (!width || (entry.plot && entry.width === width)) return;
    if (entry.plot) entry.plot.destroy();
    entry.width = width;
    entry.plot = new uPlot(options(entry.figure, width), entry.data, entry.host);
    for (const row of entry.host.querySelectorAll('.u-legend .u-series'))
      if (!row.querySelector('.u-label').textContent.trim()) row.style.display = 'none';
  }

  function plot(figure, element) {
    const host = document.createElement('div'), hint = document.createElement('div'), svg = element.querySelector('svg');
    host.className = 'plot';
    hint.className = 'hint';
    hint.textContent = 'Drag to zoom, double-click to see all.';
    svg.after(host, hint);
    svg.style.display = 'none';
    element.classList.add('live');
    const entry = {figure, host, data: align(figure.traces)};
    seen.push(entry);
    draw(entry);
  }

  function blend(list, u) {
    const place = Math.min(Math.max(u, 0), 1) * (list.length - 1), i = Math.min(Math.floor(place), list.length - 2);
    return list[i].map((c, k) => Math.round(c + (place - i) * (list[i + 1][k] - c)));
  }

  function matrix(figure, element) {
    const f = figure.frames, cells = f.n * f.n;
    if (f.labels.length < 2) return;
    const most = f.values.reduce((m, v) => Math.max(m, v || 0), 1e-300);
    const box = document.createElement('div');
    box.className = 'frames';
    box.innerHTML = '<label>time <output></output></label><input type="range" min="0" step="1" aria-label="time of the matrix">' +
      '<label><input type="checkbox" style="flex:none"> change since the first</label><canvas></canvas><span class="hint"></span>';
    const [slider, check] = box.querySelectorAll('input'), canvas = box.querySelector('canvas');
    const output = box.querySelector('output'), hint = box.querySelector('.hint');
    slider.max = slider.value = f.labels.length - 1;
    const pixels = Math.max(1, Math.floor(640 / f.n)), buffer = document.createElement('canvas');
    buffer.width = buffer.height = f.n;
    canvas.width = canvas.height = f.n * pixels;
    const population = i => f.populations[f.ends.findIndex(end => i < end)] || '';
    const value = i => f.values[slider.value * cells + i] - (check.checked ? f.values[i] : 0);
    const show = () => {
      const context = canvas.getContext('2d'), image = context.createImageData(f.n, f.n), side = canvas.width;
      let scale = check.checked ? 1e-300 : most;
      for (let i = 0; check.checked && i < cells; i++) scale = Math.max(scale, Math.abs(value(i)));
      for (let i = 0; i < cells; i++) {
        const c = check.checked ? blend(palette.diverging, 0.5 + 0.5 * value(i) / scale) : blend(palette.sequential, value(i) / most);
        image.data.set([...c, 255], 4 * i);
      }
      buffer.getContext('2d').putImageData(image, 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(buffer, 0, 0, side, side);
      context.fillStyle = check.checked ? 'rgba(90,90,90,.6)' : 'rgba(255,255,255,.7)';
      for (const end of f.ends.slice(0, -1)) {
        context.fillRect(end * pixels - 1, 0, 2, side);
        context.fillRect(0, end * pixels - 1, side, 2);
      }
      output.textContent = f.labels[slider.value];
      hint.textContent = `colours from ${check.checked ? digits(-scale) : 0} to ${digits(scale)}`;
    };
    canvas.addEventListener('mousemove', event => {
      const r = canvas.getBoundingClientRect();
      const column = Math.floor((event.clientX - r.left) / r.width * f.n), row = Math.floor((event.clientY - r.top) / r.height * f.n);
      if (row >= 0 && row < f.n && column >= 0 && column < f.n)
        hint.textContent = `from ${population(row)} to ${population(column)}: ${digits(value(row * f.n + column))}`;
    });
    slider.addEventListener('input', show);
    check.addEventListener('change', show);
    element.querySelector('svg').after(box);
    show();
  }

  for (const figure of figures) {
    const element = document.getElementById(figure.id);
    if (figure.frames) matrix(figure, element);
    else plot(figure, element);
  }
  const sizes = new ResizeObserver(() => seen.forEach(draw));
  seen.forEach(entry => sizes.observe(entry.host));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => seen.forEach(entry => {
    entry.width = 0;
    draw(entry);
  }));
})();
