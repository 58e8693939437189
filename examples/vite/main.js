// The page: two buttons, a line of text and a plot. The work is done in a worker.
const element = id => document.getElementById(id);
const plot = element('plot').getContext('2d');
const state = { worker: undefined };

function draw(points) {
  const { width, height } = plot.canvas;
  plot.clearRect(0, 0, width, height);
  plot.fillStyle = getComputedStyle(document.body).color;
  const place = value => (value / 4 + 0.5) * width;
  for (let i = 0; i < points.length; i += 2)
    plot.fillRect(place(points[i]), height - place(points[i + 1]), 2, 2);
}

function show(text, running) {
  element('state').textContent = text;
  element('start').disabled = running;
  element('stop').disabled = !running;
}

function start() {
  state.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  state.worker.onmessage = ({ data: { step, loss, points, end, error } }) => {
    if (points) draw(points);
    if (error) show(error, false);
    else if (end) show('Done.', false);
    else if (step) show(`Step ${step}, loss ${loss.toFixed(3)}`, true);
  };
  state.worker.postMessage({ data: 'moons', steps: 400 });
  show('Starting …', true);
}

function stop() {
  state.worker?.terminate();
  show('Stopped.', false);
}

element('start').addEventListener('click', start);
element('stop').addEventListener('click', stop);
