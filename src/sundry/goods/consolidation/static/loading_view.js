// The loading view: containers in 3-D, step by step. No library; docs/loading-view.md tells how it is built and placed.
// Millimetres; x runs from the front wall to the door, y from the left wall to the right as seen from the door, z up.
"use strict";
(() => {
/** A view in `root`, whose markup is loading_view.html; `data` is what loading_view.py writes. */
function show(root, data) {
const part = (name) => root.querySelector(`.lv-${name}`);
/** Whether the whole page is there for the view: then its keys need no focus, and its wheel no Ctrl. */
const isWholePage = root.dataset.keys === "page";

/* ---- words and numbers ---- */

const words = (name, blanks = {}) => data.labels[name].replace(/\{(\w+)\}/g, (_, blank) => blanks[blank]);
/** The same for the eye: what fills a blank stands apart, so that Arabic does not turn 50 × 40 × 30 round. */
const say = (name, blanks) =>
  data.labels[name].split(/\{(\w+)\}/).map((piece, k) => {
    if (k % 2 === 0) return piece;
    return blanks[piece] instanceof Node ? blanks[piece] : ltr(blanks[piece]);
  });

const formats = new Map();
function number(value, least = 0, most = least, style = "decimal") {
  const key = `${style} ${least} ${most}`;
  const options = { style, minimumFractionDigits: least, maximumFractionDigits: most };
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(data.locale, options));
  return formats.get(key).format(value);
}
const metres = (mm) => number(mm / 1000, 2);
const centimetres = (mm) => number(mm / 10, 0, 1);
const kilograms = (grams) => number(grams / 1000, 1);
const cubicMetres = (mm3) => number(mm3 / 1e9, 1);
const percent = (share) => number(share, 1, 1, "percent");

/** An element with a class and children; texts of the person's own only ever come in here, as text. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className.replace(/\S+/g, "lv-$&");
  element.append(...children);
  return element;
}

/** A text in a script that we do not know: Arabic must not turn its neighbours round. */
function own(text, tag = "bdi", className = "") {
  const element = make(tag, className, text);
  element.dir = "auto";
  return element;
}

/** A number or a code: from left to right in every language. */
function ltr(text) {
  const element = make("bdi", "", text);
  element.dir = "ltr";
  return element;
}

/* ---- the containers ---- */

data.lines.forEach((line, index) => (line.index = index));
const seen = new Array(data.lines.length).fill(0);

/** Shapes are [line, dx, dy, dz]; columns are shape, x, y and z of the cartons, each told by how much it grows. */
function cartonsOf({ shapes, columns }) {
  const at = [0, 0, 0, 0];
  return columns[0].map((_, k) => {
    columns.forEach((column, c) => (at[c] += column[k]));
    const [shape, ...low] = at;
    const [line, ...size] = shapes[shape];
    return { line, low, size, number: ++seen[line] };
  });
}

const containers = data.containers.map((given) => {
  const cartons = cartonsOf(given);
  return { ...given, cartons, groups: groupStarts(cartons, given.layers), papers: paperKeys(cartons) };
});

/** The key of each line on paper, where they are counted as they first come in: A1 ... A9, B1 ... Z9, AA1. */
function paperKeys(cartons) {
  const keys = new Map();
  for (const { line } of cartons) {
    if (keys.has(line)) continue;
    let letters = "";
    for (let row = Math.floor(keys.size / 9); row >= 0; row = Math.floor(row / 26) - 1) {
      letters = String.fromCharCode(65 + (row % 26)) + letters;
    }
    keys.set(line, `${letters}${(keys.size % 9) + 1}`);
  }
  return keys;
}

/** Where a group begins: cartons of one line that follow one another within a layer. */
function groupStarts(cartons, layers) {
  const layerStart = new Set(layers);
  const starts = [];
  cartons.forEach((carton, k) => {
    if (k === 0 || layerStart.has(k) || carton.line !== cartons[k - 1].line) starts.push(k);
  });
  return starts;
}

const lineOf = (carton) => data.lines[carton.line];
const gramsOf = (line) => (line.gross === undefined ? null : line.gross / line.cartons);
const stallOf = (line) => line.stall || words("no_stall");
const shortName = (line) => line.item || line.name || stallOf(line);

/** The index of the last start that is not beyond `k`. */
function within(starts, k) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= k) low = middle;
    else high = middle - 1;
  }
  return low;
}

const endOf = (starts, index) => starts[index + 1] ?? now().cartons.length;

/* ---- what is shown ---- */

const state = {
  container: 0,
  step: 0, // cartons that stand
  stride: "group",
  view: "iso",
  turn: [0, 0], // azimuth, elevation in radians
  zoom: 1,
  pan: [0, 0], // pixels
  axis: 0, // along which the slider cuts
  cut: [Infinity, Infinity, Infinity], // millimetres that are left, of length, width and height
  colour: "stall",
  only: null, // a key of the legend
  hasBalance: true, // whether the centre of gravity is marked
  hovered: -1,
  picked: -1,
};
const now = () => containers[state.container];

/** The cartons that the current step brings: [first, end). */
function current() {
  const { step, stride } = state;
  if (step === 0) return [0, 0];
  if (stride === "carton") return [step - 1, step];
  const starts = stride === "layer" ? now().layers : now().groups;
  return [starts[within(starts, step - 1)], step];
}

/* ---- colours ---- */

// What is heavy stands off from the ground. Each scale goes one way in lightness, for who sees no hues and for grey paper.
const WEIGHT_COLOURS = {
  light: ["#ffe9a8", "#fdc964", "#f9a03f", "#ee7132", "#d8433a", "#a82453", "#6a1457"],
  dark: ["#6b4a94", "#984a90", "#c4507a", "#e2695c", "#f28f47", "#fabc5a", "#ffeeb0"],
};
const WEIGHT_CLASSES = WEIGHT_COLOURS.light.length;
const UNKNOWN_COLOUR = "#8d96a0";

const fromHex = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Many colours that differ from their neighbours: the golden angle round the hues, three degrees of light. */
function nthColour(n) {
  const hue = (n * 137.508 + 205) % 360;
  const light = [0.6, 0.47, 0.72][Math.floor(n / 5) % 3];
  const strength = 0.62 * Math.min(light, 1 - light);
  return [0, 8, 4].map((shift) => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (light - strength * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  });
}

/** Classes of equal width that hold the cartons of this job: `first` and `count` in steps of so many kilograms. */
const weights = (() => {
  const known = data.lines.map(gramsOf).filter((grams) => grams !== null).sort((a, b) => a - b);
  if (!known.length) return { step: 1, first: 0, count: 1, isOpen: false };
  // A single crate of 900 kg is not to make all cartons one class: the last class has no upper end.
  const [least, most] = [known[0], known[Math.floor(0.95 * (known.length - 1))]].map((grams) => grams / 1000);
  let step = 1;
  const at = (kilos) => Math.floor(kilos / step);
  for (let k = 1; at(most) - at(least) >= WEIGHT_CLASSES; k++) step = [1, 2, 5][k % 3] * 10 ** Math.floor(k / 3);
  const count = at(most) - at(least) + 1;
  return { step, first: at(least), count, isOpen: at(known[known.length - 1] / 1000) > at(most) };
})();

function weightClass(line) {
  const grams = gramsOf(line);
  if (grams === null) return -1;
  return Math.min(Math.floor(grams / 1000 / weights.step) - weights.first, weights.count - 1);
}

function weightLabel(index) {
  if (index < 0) return [words("weight_unknown")];
  const from = (weights.first + index) * weights.step;
  if (weights.isOpen && index === weights.count - 1) return say("weight_from", { from: number(from) });
  return say("weight_range", { from: number(from), to: number(from + weights.step) });
}

/** Classes are spread over the whole scale; a single one lies in its middle. */
function weightColour(index) {
  if (index < 0) return fromHex(UNKNOWN_COLOUR);
  const scale = WEIGHT_COLOURS[theme.ground[1] < 96 ? "dark" : "light"];
  const place = weights.count === 1 ? (WEIGHT_CLASSES - 1) / 2 : (index * (WEIGHT_CLASSES - 1)) / (weights.count - 1);
  const [one, other] = [Math.floor(place), Math.ceil(place)].map((at) => fromHex(scale[at]));
  return one.map((byte, c) => Math.round(byte + (other[c] - byte) * (place % 1)));
}

const KEYS = {
  stall: (line) => line.stall || "",
  mark: (line) => line.mark || "",
  line: (line) => line.index,
  weight: weightClass,
};
/** By what the colours can go here: by marks only where there are any. */
const COLOURINGS = Object.keys(KEYS).filter((by) => by !== "mark" || data.lines.some((line) => line.mark));
// A stall keeps its colour in every container.
const keyNumbers = Object.fromEntries(
  ["stall", "mark", "line"].map((by) => {
    const numbers = new Map();
    for (const line of data.lines) if (!numbers.has(KEYS[by](line))) numbers.set(KEYS[by](line), numbers.size);
    return [by, numbers];
  }),
);

function colourOf(key) {
  return state.colour === "weight" ? weightColour(key) : nthColour(keyNumbers[state.colour].get(key));
}

/** Keys of the current container in the order in which they come in, with their cartons. */
function legendEntries() {
  const counts = new Map();
  for (const carton of now().cartons) {
    const key = KEYS[state.colour](lineOf(carton));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const entries = [...counts].map(([key, count]) => ({ key, count }));
  return state.colour === "weight" ? entries.sort((a, b) => a.key - b.key) : entries;
}

/** Three bytes a carton. What the legend leaves out goes pale. */
function cartonColours() {
  const bytes = new Uint8Array(now().cartons.length * 3);
  const cache = new Map();
  now().cartons.forEach((carton, k) => {
    const key = KEYS[state.colour](lineOf(carton));
    if (!cache.has(key)) cache.set(key, state.only === null || state.only === key ? colourOf(key) : theme.pale);
    bytes.set(cache.get(key), 3 * k);
  });
  return bytes;
}

let theme;
/** The colours of the stylesheet as three bytes, in whatever way a page may have written them. */
function readTheme() {
  const dot = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colour = (name) => {
    scene.style.color = `var(--view-${name})`;
    dot.fillStyle = getComputedStyle(scene).color;
    dot.fillRect(0, 0, 1, 1);
    return [...dot.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
  };
  theme = Object.fromEntries(["ground", "rim", "frame", "pale", "mark"].map((name) => [name, colour(name)]));
  scene.style.color = "";
}

/* ---- the camera: parallel rays, so that sizes can be compared and one octant shows the same three faces ---- */

const VIEWS = { side: [-Math.PI / 2, 0], top: [-Math.PI / 2, Math.PI / 2], door: [0, 0] };
const ISO_ELEVATION = 0.5;

/** Right, up and towards the eye, as unit vectors of the container. */
function axesOf([azimuth, elevation]) {
  const [ca, sa, ce, se] = [Math.cos(azimuth), Math.sin(azimuth), Math.cos(elevation), Math.sin(elevation)];
  return [[-sa, ca, 0], [-se * ca, -se * sa, ce], [ce * ca, ce * sa, se]];
}

/** Pixels a millimetre at which the whole container fits. */
function fit(axes, inside, width, height) {
  const extent = (axis) => axis.reduce((sum, part, k) => sum + Math.abs(part) * inside[k], 0);
  return Math.min((width - 24) / extent(axes[0]), (height - 44) / extent(axes[1]));
}

/** Of the slanting views the one that fills a picture of this size best. */
function isoTurn(width, height) {
  let best = [0, 0];
  for (let azimuth = -1.15; azimuth <= -0.5; azimuth += 0.05) {
    const scale = fit(axesOf([azimuth, ISO_ELEVATION]), now().inside, width, height);
    if (scale > best[1]) best = [azimuth, scale];
  }
  return [best[0], ISO_ELEVATION];
}

const sceneSize = () => [scene.clientWidth, scene.clientHeight];
const screenCamera = () => camera(sceneSize(), state, Math.min(devicePixelRatio || 1, 3));

/** How millimetres become pixels of the page, of which each has `pixel` of the device on a side. */
function camera([width, height], { turn, zoom, pan }, pixel) {
  const axes = axesOf(turn);
  const scale = fit(axes, now().inside, width, height) * zoom;
  const centre = now().inside.map((side) => side / 2);
  const origin = [width / 2 + pan[0], height / 2 + pan[1]];
  const depth = Math.hypot(...now().inside);
  /** Millimetres to pixels, and how near to the eye. */
  const project = (point) => {
    const from = point.map((value, k) => value - centre[k]);
    const along = (axis) => axis[0] * from[0] + axis[1] * from[1] + axis[2] * from[2];
    return [origin[0] + scale * along(axes[0]), origin[1] - scale * along(axes[1]), along(axes[2])];
  };
  return { width, height, pixel, axes, scale, centre, origin, depth, project };
}

function setView(view) {
  state.view = view;
  state.turn = view === "iso" ? isoTurn(...sceneSize()) : [...VIEWS[view]];
  state.zoom = 1;
  state.pan = [0, 0];
}

/** The edges of the container, and a tick on the floor for every metre. */
function shellLines() {
  const [length, width, height] = now().inside;
  const corner = (k) => [k & 1 ? length : 0, k & 2 ? width : 0, k & 4 ? height : 0];
  const lines = [];
  for (let k = 0; k < 8; k++) for (const bit of [1, 2, 4]) if (!(k & bit)) lines.push(corner(k), corner(k | bit));
  for (let x = 1000; x < length; x += 1000) lines.push([x, 0, 0], [x, width, 0]);
  return lines;
}

/** What a section leaves: along the length from the front wall on, across from the right wall, upwards from the floor. */
function clipOf([length, width, height], [x, y, z]) {
  return { low: [0, Math.max(0, width - y), 0], high: [Math.min(length, x), width, Math.min(height, z)] };
}

/** Corner and sides of what a section leaves of a carton; a side of 0 or less where it leaves nothing. */
function clipped({ low, size }, clip) {
  const from = low.map((at, axis) => Math.max(at, clip.low[axis]));
  return [from, from.map((at, axis) => Math.min(low[axis] + size[axis], clip.high[axis]) - at)];
}

/** To be given its size again costs a canvas its memory: only where it changes. */
function resize(canvas, width, height) {
  if (canvas.width !== Math.round(width)) canvas.width = Math.round(width);
  if (canvas.height !== Math.round(height)) canvas.height = Math.round(height);
}

/* ---- painting by WebGL: one buffer of cartons, of which the first `step` are drawn ---- */

const VERTEX_SHADER = `#version 300 es
  precision highp float;
  in vec3 corner, normal, low, size, colour;
  uniform mat3 axes;
  uniform vec3 centre, clipLow, clipHigh;
  uniform vec2 scale, origin;
  uniform float depth;
  uniform int brightFrom, brightTo, hovered, first;
  out vec3 fill, inBox;
  flat out vec3 box, face;
  flat out float bright;
  void main() {
    vec3 from = max(low, clipLow);
    box = min(low + size, clipHigh) - from;
    inBox = corner * box;
    face = abs(normal);
    vec3 seen = (from + inBox - centre) * axes;
    gl_Position = vec4(origin + scale * seen.xy, -seen.z / depth, 1.0);
    if (min(box.x, min(box.y, box.z)) <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    int k = first + gl_InstanceID;
    bright = k == hovered ? 2.0 : k >= brightFrom && k < brightTo ? 1.0 : 0.0;
    float light = 0.74 + 0.12 * face.x + 0.26 * max(normal.z, 0.0);
    fill = colour * light;
  }`;

const FRAGMENT_SHADER = `#version 300 es
  precision highp float;
  in vec3 fill, inBox;
  flat in vec3 box, face;
  flat in float bright;
  uniform vec3 rim, mark;
  uniform float pixel, through;
  out vec4 colour;
  void main() {
    vec3 toEdge = min(inBox, box - inBox) / max(fwidth(inBox), vec3(1e-4)) / pixel + face * 1e4;
    float edge = min(toEdge.x, min(toEdge.y, toEdge.z));
    vec3 shown = mix(rim, fill, 0.25 + 0.75 * smoothstep(0.2, 1.2, edge));
    if (bright > 0.5) {
      float band = bright > 1.5 ? 4.5 : 3.0;
      shown = edge < 1.0 ? rim : edge < band ? mark : fill;
    }
    if (through > 0.5 && edge > 2.0) discard;
    colour = vec4(through > 0.5 ? mark : shown, through > 0.5 ? 0.6 : 1.0);
  }`;

const LINE_VERTEX_SHADER = `#version 300 es
  in vec3 point;
  uniform mat3 axes;
  uniform vec3 centre;
  uniform vec2 scale, origin;
  uniform float depth;
  void main() {
    vec3 seen = (point - centre) * axes;
    gl_Position = vec4(origin + scale * seen.xy, -seen.z / depth, 1.0);
  }`;

const LINE_FRAGMENT_SHADER = `#version 300 es
  precision mediump float;
  uniform vec4 ink;
  out vec4 colour;
  void main() { colour = ink; }`;

/** Six faces of two triangles: corner (0 or 1 along each axis) and normal of each vertex. */
function cubeVertices() {
  const vertices = [];
  for (let axis = 0; axis < 3; axis++) {
    for (const end of [0, 1]) {
      for (const [a, b] of [[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]]) {
        const corner = [0, 0, 0];
        corner[axis] = end;
        corner[(axis + 1) % 3] = a;
        corner[(axis + 2) % 3] = b;
        const normal = [0, 0, 0];
        normal[axis] = 2 * end - 1;
        vertices.push(...corner, ...normal);
      }
    }
  }
  return new Float32Array(vertices);
}

/** Whether this device has WebGL 2 and takes our shaders. Tried on a canvas of its own: one that has failed is spent. */
function glWorks() {
  try {
    return glPainter(document.createElement("canvas")) !== null;
  } catch {
    return false;
  }
}

/** A painter, or null where the device has no WebGL 2. */
function glPainter(canvas) {
  const gl = canvas.getContext("webgl2", { antialias: true, preserveDrawingBuffer: true });
  if (!gl) return null;
  const FLOAT = 4;
  const BOX_BYTES = 6 * FLOAT;
  let boxes, lines, cube, cartons, colours, shell, shellCount;

  function program(vertex, fragment) {
    const made = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(made, shader);
    }
    gl.linkProgram(made);
    if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
    const at = { attribute: (name) => gl.getAttribLocation(made, name), uniform: {} };
    for (let k = 0; k < gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS); k++) {
      const { name } = gl.getActiveUniform(made, k);
      at.uniform[name] = gl.getUniformLocation(made, name);
    }
    return { made, ...at };
  }

  function setUp() {
    boxes = program(VERTEX_SHADER, FRAGMENT_SHADER);
    lines = program(LINE_VERTEX_SHADER, LINE_FRAGMENT_SHADER);
    [cube, cartons, colours, shell] = [0, 0, 0, 0].map(() => gl.createBuffer());
    store(cube, cubeVertices());
  }

  function store(buffer, values) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
  }

  function attribute(at, buffer, { type = gl.FLOAT, stride, offset = 0, instanced = 0 }) {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 3, type, type === gl.UNSIGNED_BYTE, stride, offset);
    gl.vertexAttribDivisor(at, instanced);
  }

  function look(at, view) {
    gl.useProgram(at.made);
    gl.uniformMatrix3fv(at.uniform.axes, false, view.axes.flat());
    gl.uniform3fv(at.uniform.centre, view.centre);
    gl.uniform2f(at.uniform.scale, (2 * view.scale) / view.width, (2 * view.scale) / view.height);
    gl.uniform2f(at.uniform.origin, (2 * view.origin[0]) / view.width - 1, 1 - (2 * view.origin[1]) / view.height);
    gl.uniform1f(at.uniform.depth, view.depth);
  }

  function drawLines(view) {
    look(lines, view);
    attribute(lines.attribute("point"), shell, { stride: 3 * FLOAT });
    gl.uniform4f(lines.uniform.ink, ...theme.frame.map((byte) => byte / 255), 1);
    gl.drawArrays(gl.LINES, 0, shellCount);
  }

  function drawBoxes(first, count) {
    const place = { stride: BOX_BYTES, instanced: 1 };
    attribute(boxes.attribute("corner"), cube, { stride: BOX_BYTES });
    attribute(boxes.attribute("normal"), cube, { stride: BOX_BYTES, offset: BOX_BYTES / 2 });
    attribute(boxes.attribute("low"), cartons, { ...place, offset: first * BOX_BYTES });
    attribute(boxes.attribute("size"), cartons, { ...place, offset: first * BOX_BYTES + BOX_BYTES / 2 });
    attribute(boxes.attribute("colour"), colours, { type: gl.UNSIGNED_BYTE, stride: 3, offset: 3 * first, instanced: 1 });
    gl.uniform1i(boxes.uniform.first, first);
    gl.drawArraysInstanced(gl.TRIANGLES, 0, 36, count);
  }

  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => {
    setUp();
    refill();
    redraw();
  });
  setUp();
  return {
    name: "webgl",
    load(container, lineEnds) {
      store(cartons, new Float32Array(container.cartons.flatMap((carton) => [...carton.low, ...carton.size])));
      store(shell, new Float32Array(lineEnds.flat()));
      shellCount = lineEnds.length;
    },
    paint(bytes) {
      store(colours, bytes);
    },
    draw(view, { step, bright, hovered, clip }) {
      resize(canvas, view.width * view.pixel, view.height * view.pixel);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(...theme.ground.map((byte) => byte / 255), 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      drawLines(view);
      look(boxes, view);
      gl.uniform3fv(boxes.uniform.clipLow, clip.low);
      gl.uniform3fv(boxes.uniform.clipHigh, clip.high);
      gl.uniform1i(boxes.uniform.brightFrom, bright[0]);
      gl.uniform1i(boxes.uniform.brightTo, bright[1]);
      gl.uniform1i(boxes.uniform.hovered, hovered);
      gl.uniform3fv(boxes.uniform.rim, theme.rim.map((byte) => byte / 255));
      gl.uniform3fv(boxes.uniform.mark, theme.mark.map((byte) => byte / 255));
      gl.uniform1f(boxes.uniform.pixel, view.pixel);
      gl.uniform1f(boxes.uniform.through, 0);
      drawBoxes(0, step);
      // The edges of what is being brought shine through whatever hides them.
      gl.disable(gl.DEPTH_TEST);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      gl.uniform1f(boxes.uniform.through, 1);
      drawBoxes(bright[0], bright[1] - bright[0]);
      gl.disable(gl.BLEND);
    },
  };
}

/* ---- painting without WebGL: every visible face is a parallelogram, filled pixel by pixel with a depth buffer ---- */

function plainPainter(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let container, colours, lineEnds, pixels, depths;

  const packed = ([red, green, blue], light = 1) =>
    (0xff000000 | ((blue * light) << 16) | ((green * light) << 8) | (red * light)) >>> 0;

  function fillFace(width, height, [x0, y0, near], a, b, fill, edge, edgeWidth) {
    const area = a[0] * b[1] - a[1] * b[0];
    if (Math.abs(area) < 0.5) return;
    const xs = [x0, x0 + a[0], x0 + b[0], x0 + a[0] + b[0]];
    const ys = [y0, y0 + a[1], y0 + b[1], y0 + a[1] + b[1]];
    const [left, right] = [Math.max(0, Math.floor(Math.min(...xs))), Math.min(width, Math.ceil(Math.max(...xs)))];
    const [top, bottom] = [Math.max(0, Math.floor(Math.min(...ys))), Math.min(height, Math.ceil(Math.max(...ys)))];
    const edgeU = (edgeWidth * Math.hypot(...b.slice(0, 2))) / Math.abs(area);
    const edgeV = (edgeWidth * Math.hypot(...a.slice(0, 2))) / Math.abs(area);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const [fromX, fromY] = [x + 0.5 - x0, y + 0.5 - y0];
        const u = (fromX * b[1] - fromY * b[0]) / area;
        const v = (a[0] * fromY - a[1] * fromX) / area;
        if (u < 0 || u > 1 || v < 0 || v > 1) continue;
        const depth = near + u * a[2] + v * b[2];
        const at = y * width + x;
        if (depth <= depths[at]) continue;
        depths[at] = depth;
        pixels[at] = u < edgeU || u > 1 - edgeU || v < edgeV || v > 1 - edgeV ? edge : fill;
      }
    }
  }

  function drawLines(view) {
    context.strokeStyle = `rgb(${theme.frame})`;
    context.lineWidth = 0.7;
    context.beginPath();
    for (let k = 0; k < lineEnds.length; k += 2) {
      context.moveTo(...view.project(lineEnds[k]).slice(0, 2));
      context.lineTo(...view.project(lineEnds[k + 1]).slice(0, 2));
    }
    context.stroke();
  }

  return {
    name: "canvas",
    load(given, ends) {
      container = given;
      lineEnds = ends;
    },
    paint(bytes) {
      colours = bytes;
    },
    draw(view, { step, bright, hovered, clip }) {
      const [width, height] = [Math.round(view.width), Math.round(view.height)];
      if (!width || !height) return;
      resize(canvas, width, height);
      context.fillStyle = `rgb(${theme.ground})`;
      context.fillRect(0, 0, width, height);
      drawLines(view);
      const image = context.getImageData(0, 0, width, height);
      pixels = new Uint32Array(image.data.buffer);
      depths = new Float32Array(width * height).fill(-Infinity);
      for (let k = 0; k < step; k++) {
        const [low, shown] = clipped(container.cartons[k], clip);
        if (Math.min(...shown) <= 0) continue;
        const rgb = colours.subarray(3 * k, 3 * k + 3);
        const isBright = k === hovered || (k >= bright[0] && k < bright[1]);
        const edge = isBright ? packed(theme.mark) : packed(theme.rim.map((byte, c) => 0.7 * byte + 0.3 * rgb[c]));
        for (let axis = 0; axis < 3; axis++) {
          const towards = view.axes[2][axis];
          if (Math.abs(towards) < 1e-6) continue;
          const start = [...low];
          if (towards > 0) start[axis] += shown[axis];
          const origin = view.project(start);
          const along = (other) => {
            const end = [...start];
            end[other] += shown[other];
            return view.project(end).map((value, c) => value - origin[c]);
          };
          const light = 0.74 + (axis === 0 ? 0.12 : 0) + (axis === 2 && towards > 0 ? 0.26 : 0);
          const [a, b] = [along((axis + 1) % 3), along((axis + 2) % 3)];
          fillFace(width, height, origin, a, b, packed(rgb, light), edge, isBright ? 2.5 : 0.6);
        }
      }
      context.putImageData(image, 0, 0);
    },
  };
}

/* ---- which carton is under the pointer: a ray through all boxes, a few microseconds for a thousand ---- */

function cartonAt(px, py) {
  const view = screenCamera();
  const [right, up, towards] = view.axes;
  const across = (px - view.origin[0]) / view.scale;
  const along = (view.origin[1] - py) / view.scale;
  const clip = clipOf(now().inside, state.cut);
  const start = view.centre.map((c, k) => c + right[k] * across + up[k] * along + towards[k] * view.depth);
  let [found, nearest] = [-1, Infinity];
  for (let k = 0; k < state.step; k++) {
    const [low, size] = clipped(now().cartons[k], clip);
    let [enter, leave] = [-Infinity, Infinity];
    for (let axis = 0; axis < 3; axis++) {
      const high = low[axis] + size[axis];
      if (high <= low[axis]) leave = -Infinity;
      const speed = -towards[axis];
      if (Math.abs(speed) < 1e-9) {
        if (start[axis] < low[axis] || start[axis] > high) leave = -Infinity;
        continue;
      }
      const hits = [(low[axis] - start[axis]) / speed, (high - start[axis]) / speed];
      enter = Math.max(enter, Math.min(...hits));
      leave = Math.min(leave, Math.max(...hits));
    }
    if (enter <= leave && enter < nearest) [found, nearest] = [k, enter];
  }
  return found;
}

/* ---- the page ---- */

const scene = part("scene");
const canvas = part("canvas");
let painter;

/** Tell the painter everything again: another container, other colours, a new theme. */
function refill() {
  painter.load(now(), shellLines());
  painter.paint(cartonColours());
}

let isDue = false;
let isAnotherStep = false;
/** Draw once, at the next frame, however often it is asked for. */
function redraw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
    if (isAnotherStep) followLayer();
    isAnotherStep = false;
  });
}

function draw() {
  const view = screenCamera();
  const hovered = state.picked >= 0 ? state.picked : state.hovered;
  painter.draw(view, { step: state.step, bright: current(), hovered, clip: clipOf(now().inside, state.cut) });
  placeBalance(view);
  const [length, width] = now().inside;
  placeEnd(part("front"), view, 0);
  placeEnd(part("door"), view, length);

  function placeEnd(element, { project }, x) {
    // Below the lower of the two floor corners of this end.
    const [a, b] = [project([x, 0, 0]), project([x, width, 0])];
    const low = Math.abs(a[1] - b[1]) < 1 ? [(a[0] + b[0]) / 2, a[1]] : a[1] > b[1] ? a : b;
    const half = element.offsetWidth / 2 + 4;
    const left = Math.max(half, Math.min(view.width - half, low[0]));
    const top = Math.max(0, Math.min(view.height - element.offsetHeight - 2, low[1] + 3));
    element.style.transform = `translate(${left - half + 4}px, ${top}px)`;
    // Seen along the length, one end stands before the other.
    element.hidden = Math.abs(view.axes[2][0]) > 0.99 && x === 0;
  }
}

function row(term, ...description) {
  return make("div", "", make("dt", "", term), make("dd", "", ...description));
}

/** What a person asks about cartons [first, end) of one line. */
function describe(first, end) {
  const cartons = now().cartons.slice(first, end);
  const line = lineOf(cartons[0]);
  const [one, last] = [cartons[0].number, cartons[cartons.length - 1].number];
  const low = [0, 1, 2].map((k) => Math.min(...cartons.map((carton) => carton.low[k])));
  const grams = gramsOf(line);
  const stands = new Map();
  for (const { size } of cartons) stands.set(size.join(), [size, (stands.get(size.join())?.[1] ?? 0) + 1]);
  const ways = [...stands.values()].map(([size, count]) => {
    const [depth, width, height] = size.map(centimetres);
    const rule = stands.size > 1 ? "stand_as" : "stands_as";
    return make("span", "way", ...say(rule, { count: number(count), depth, width, height }));
  });
  const list = make("dl", "facts");
  list.append(row(words("stall"), own(stallOf(line))));
  if (line.item) list.append(row(words("item"), own(line.item)));
  if (line.name) list.append(row(words("name"), own(line.name)));
  if (line.translated) list.lastChild.lastChild.append(" ", own(line.translated, "bdi", "quiet"));
  if (line.mark) list.append(row(words("mark"), own(line.mark)));
  const which = one === last ? "carton_number" : "carton_numbers";
  list.append(row(words("carton"), ...say(which, { number: one, last, total: line.cartons })));
  list.append(row(words("stands"), ...ways));
  const weight = grams === null ? [words("weight_unknown")] : say("weight_each", { weight: kilograms(grams) });
  list.append(row(words("weight"), ...weight));
  const rule = low[2] === 0 ? "place_floor" : "place_above";
  const [x, y, z] = low.map(metres);
  list.append(row(words("place"), ...say(rule, { x, y, z })));
  const metre = within(now().layers, first) + 1;
  const order = { number: number(first + 1), last: number(end), total: number(now().cartons.length), metre };
  list.append(row(words("order"), ...say(one === last ? "order_in" : "orders_in", order)));
  list.append(row(words("paper_key"), ltr(now().papers.get(now().cartons[first].line))));
  const parts = [list];
  if (line.up) parts.push(make("p", "note", words("this_side_up")));
  return parts;
}

function swatch(key) {
  const element = make("span", "swatch");
  element.style.background = `rgb(${colourOf(key)})`;
  element.setAttribute("aria-hidden", "true");
  return element;
}
const swatchOf = (line) => swatch(KEYS[state.colour](line));

function showNow() {
  const [first, end] = current();
  const heading = make("h2", "");
  if (first === end) {
    part("now").replaceChildren(heading, make("p", "", words("now_none")));
    heading.append(words("now"));
    return;
  }
  if (state.stride === "layer") {
    const index = within(now().layers, first);
    heading.append(...layerName(index));
    const done = say("so_far", { done: number(end - first), total: number(layerSize(index)) });
    part("now").replaceChildren(heading, make("p", "", ...done));
    return;
  }
  const line = lineOf(now().cartons[first]);
  const bring = say("bring", { count: number(end - first), item: own(shortName(line)) });
  heading.append(swatchOf(line), make("span", "", ...bring));
  part("now").replaceChildren(heading, ...describe(first, end));
}

const layerName = (index) => say("layer", { number: index + 1, total: now().layers.length });
const layerSize = (index) => endOf(now().layers, index) - now().layers[index];

function layerPlace(index) {
  const all = now().cartons.slice(now().layers[index], endOf(now().layers, index));
  const from = metres(Math.min(...all.map(({ low }) => low[0])));
  const to = metres(Math.max(...all.map(({ low, size }) => low[0] + size[0])));
  return say("layer_place", { from, to });
}

/** [start, stop) of each group of a metre. */
function groupsOf(index) {
  const { layers, groups } = now();
  const found = [];
  for (let k = within(groups, layers[index]); groups[k] < endOf(layers, index); k++) found.push([groups[k], endOf(groups, k)]);
  return found;
}

function groupText(start, stop) {
  const line = lineOf(now().cartons[start]);
  return [swatchOf(line), make("b", "", `${number(stop - start)} ×`), " ", own(shortName(line)), " "];
}

/** What has the focus may go with what is shown no longer; then `next()` gets it, and the keys go on. */
function keepFocus(within, change, next) {
  const hadFocus = within.contains(document.activeElement);
  change();
  if (hadFocus && !within.contains(document.activeElement)) next()?.focus({ preventScroll: true });
}

/** The groups of the metre in hand; each is a button that leads to its step, and stays while its metre is in hand. */
function showLayer() {
  const index = within(now().layers, Math.max(0, state.step - 1));
  const groups = groupsOf(index);
  const [heading, place, list] = part("layer").children;
  const shows = [state.container, index, state.colour, theme.ground].join();
  if (list.dataset.shows !== shows) {
    list.dataset.shows = shows;
    heading.replaceChildren(...layerName(index));
    place.replaceChildren(...layerPlace(index));
    const items = groups.map(([start, stop]) => make("li", "", groupButton(start, stop)));
    const at = Math.max(0, groups.findIndex(([start, stop]) => state.step > start && state.step <= stop));
    keepFocus(list, () => list.replaceChildren(...items), () => items[at].firstChild);
  }
  groups.forEach(([start, stop], k) => {
    const button = list.children[k].firstChild;
    button.classList.toggle("lv-done", start < state.step);
    if (state.step > start && state.step <= stop) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  });
}

function groupButton(start, stop) {
  const line = lineOf(now().cartons[start]);
  const button = make("button", "", ...groupText(start, stop));
  button.type = "button";
  button.append(own(line.item ? line.name : "", "span", "name"), own(stallOf(line), "span", "quiet"));
  button.addEventListener("click", () => goTo(stop));
  return button;
}

/** Keep what is being brought in sight in the list of its metre. */
function followLayer() {
  const list = part("layer").querySelector("ol");
  const active = list.querySelector("[aria-current]");
  if (active) list.scrollTop = active.offsetTop - list.offsetTop - list.clientHeight / 2;
}

function showTotals() {
  const { cartons, inside, payload, gross, grossKnown, volume, usual, type } = now();
  const room = inside[0] * inside[1] * inside[2];
  let [grams, mm3] = [0, 0];
  for (const carton of cartons.slice(0, state.step)) {
    grams += gramsOf(lineOf(carton)) ?? 0;
    mm3 += carton.size[0] * carton.size[1] * carton.size[2];
  }
  const isFull = state.step === cartons.length;
  const rows = [
    [words("cartons"), number(state.step), number(cartons.length), ""],
    [words("gross"), kilograms(isFull ? gross : grams), kilograms(gross), number(payload / 1000)],
    [words("volume"), cubicMetres(mm3), cubicMetres(volume), cubicMetres(room)],
    [words("fill"), percent(mm3 / room), percent(volume / room), ""],
  ];
  const lines = rows.map(([term, ...figures]) => {
    const head = make("th", "", term);
    head.scope = "row";
    return make("tr", "", head, ...figures.map((figure) => make("td", "", figure)));
  });
  part("totals").querySelector("tbody").replaceChildren(...lines);
  const isAbove = usual !== null && volume > usual;
  const blanks = { usual: number(usual / 1e9), volume: cubicMetres(volume), type };
  part("usual").hidden = usual === null;
  part("usual").replaceChildren(...say(isAbove ? "usual_above" : "usual", blanks));
  part("usual").classList.toggle("lv-strong", isAbove);
  part("partly").hidden = grossKnown;
}

/** The centre of gravity of what stands, in millimetres; null where a weight is not known, or nothing stands. */
function balanceNow() {
  let [sum, moments] = [0, [0, 0, 0]];
  for (const { line, low, size } of now().cartons.slice(0, state.step)) {
    const grams = gramsOf(data.lines[line]);
    if (grams === null) return null;
    sum += grams;
    moments = moments.map((moment, axis) => moment + grams * (low[axis] + size[axis] / 2));
  }
  return sum ? moments.map((moment) => moment / sum) : null;
}

let balance = null;
function showBalance() {
  balance = balanceNow();
  part("balance-unknown").hidden = balance !== null || state.step === 0;
  const list = part("balance-facts");
  list.hidden = balance === null;
  if (balance === null) return;
  const [length, width] = now().inside;
  /** How far from the middle, and towards which end. */
  const off = (axis, side, [down, up]) => {
    const at = Math.round(balance[axis] - side / 2);
    const blanks = { at: number(Math.abs(at)), share: percent(Math.abs(at) / side) };
    return at === 0 ? [words("balance_middle")] : say(at < 0 ? down : up, blanks);
  };
  list.replaceChildren(
    row(words("balance_length"), ...off(0, length, ["balance_front", "balance_door"])),
    row(words("balance_width"), ...off(1, width, ["balance_left", "balance_right"])),
    row(words("balance_height"), ...say("balance_up", { at: number(Math.round(balance[2])) })),
  );
}

function placeBalance({ project }) {
  const mark = part("balance-mark");
  mark.hidden = balance === null || !state.hasBalance;
  if (mark.hidden) return;
  const [x, y] = project(balance);
  mark.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
}

function legendLabel(key) {
  if (state.colour === "weight") return weightLabel(key);
  if (state.colour === "stall") return [own(key || words("no_stall"))];
  if (state.colour === "mark") return [own(key || words("no_mark"))];
  const line = data.lines[key];
  return [own(shortName(line)), " ", own(line.item ? line.name : "", "span", "quiet")];
}

function showLegend() {
  const items = legendEntries().map(({ key, count }) => {
    const label = make("span", "label", ...legendLabel(key));
    const button = make("button", "", swatch(key), label, make("span", "count", number(count)));
    button.type = "button";
    button.setAttribute("aria-pressed", String(state.only === key));
    button.addEventListener("click", () => {
      state.only = state.only === key ? null : key;
      for (const other of part("legend").querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(state.only === key));
      painter.paint(cartonColours());
      redraw();
    });
    return make("li", "", button);
  });
  const list = part("legend").querySelector("ul");
  keepFocus(list, () => list.replaceChildren(...items), () => items[0].firstChild);
}

function showTip(k, px, py) {
  const tip = part("tip");
  if (tip.contains(document.activeElement)) canvas.focus({ preventScroll: true });
  tip.hidden = k < 0;
  if (k < 0) return;
  const line = lineOf(now().cartons[k]);
  tip.replaceChildren(make("h3", "", swatchOf(line), own(shortName(line))), ...describe(k, k + 1));
  tip.classList.toggle("lv-pinned", state.picked >= 0);
  if (state.picked >= 0) {
    const [leads, closes] = [make("button", "", words("step_of")), make("button", "", words("close"))];
    leads.type = closes.type = "button";
    leads.addEventListener("click", () => goTo(k + 1));
    closes.addEventListener("click", () => pick(-1));
    tip.append(make("div", "buttons", leads, closes));
  }
  const [width, height] = [tip.offsetWidth, tip.offsetHeight];
  const left = px + 16 + width <= scene.clientWidth ? px + 16 : Math.max(4, px - width - 16);
  const top = Math.max(4, Math.min(scene.clientHeight - height - 4, py - height / 2));
  tip.style.transform = `translate(${left}px, ${top}px)`;
}

function showStep() {
  const total = now().cartons.length;
  const slider = part("step");
  slider.max = total;
  slider.value = state.step;
  const blanks = { done: number(state.step), total: number(total) };
  slider.setAttribute("aria-valuetext", words("so_far", blanks));
  part("progress").replaceChildren(...say("so_far", blanks));
  for (const [button, isDone] of [[part("previous"), state.step === 0], [part("next"), state.step === total]]) {
    if (isDone && button === document.activeElement) slider.focus({ preventScroll: true });
    button.disabled = isDone;
  }
  showNow();
  showLayer();
  showTotals();
  showBalance();
  isAnotherStep = true;
  redraw();
}

function showView() {
  for (const button of part("views").children) {
    button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
  }
  redraw();
}

function showCut() {
  const { axis } = state;
  const slider = part("cut");
  slider.max = Math.ceil(now().inside[axis] / 10) * 10;
  const left = Math.min(state.cut[axis], slider.max);
  slider.value = left;
  part("axis").value = axis;
  const isCut = state.cut[axis] < now().inside[axis];
  const [rule, blanks] = [["cut_x", "cut_y", "cut_z"][axis], { at: metres(left) }];
  part("cut-value").replaceChildren(...(isCut ? say(rule, blanks) : [words("cut_none")]));
  slider.setAttribute("aria-valuetext", isCut ? words(rule, blanks) : words("cut_none"));
  redraw();
}

/** Remember the place in the address, so that a phone that wakes up again shows the same step. */
function remember() {
  try {
    history.replaceState(history.state, "", `#${state.container + 1}/${state.step}`);
  } catch {
    // A file opened from a mail app may not change its address; then it starts anew.
  }
}

function recall() {
  const [, container, step] = /^#(\d+)\/(\d+)$/.exec(location.hash) ?? [];
  const index = Number(container) - 1;
  if (containers[index]) return [index, Math.min(Number(step), containers[index].cartons.length)];
  return [0, containers[0].cartons.length];
}

/* ---- what a person does ---- */

function goTo(step) {
  pause();
  setStep(step);
  remember();
}

/** Step after step by itself. What is asked for less movement goes slower; nothing ever moves between two steps. */
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let playing = 0;
function play() {
  if (playing) {
    pause();
    remember();
    return;
  }
  if (state.step === now().cartons.length) setStep(0);
  playing = setInterval(playOn, calm.matches ? 2000 : 800);
  showPlay();
}

function playOn() {
  if (!root.isConnected) clearInterval(playing);
  if (document.hidden || !root.isConnected) return;
  setStep(following(1, state.stride));
  if (state.step < now().cartons.length) return;
  pause();
  remember();
}

function pause() {
  if (!playing) return;
  clearInterval(playing);
  playing = 0;
  showPlay();
}

function showPlay() {
  const button = part("play");
  button.setAttribute("aria-label", words(playing ? "pause" : "play"));
  button.title = words(playing ? "pause" : "play");
  button.classList.toggle("lv-playing", playing > 0);
  // What is shown one after the other is not read out one after the other.
  part("now").setAttribute("aria-live", playing ? "off" : "polite");
}

function setStep(step) {
  state.step = Math.max(0, Math.min(now().cartons.length, step));
  forgetCarton();
  showStep();
}

/** One step on (1) or back (-1): to the next or last place where a carton, group or layer ends. */
function stride(direction, kind = state.stride) {
  goTo(following(direction, kind));
}

function following(direction, kind) {
  if (kind === "carton") return state.step + direction;
  const starts = kind === "layer" ? now().layers : now().groups;
  if (direction < 0) return starts[within(starts, state.step - 1)];
  return endOf(starts, within(starts, state.step));
}

function turnTo(index) {
  pause();
  openContainer((index + containers.length) % containers.length);
  remember();
}

function openContainer(index, step = containers[index].cartons.length) {
  state.container = index;
  state.cut = [Infinity, Infinity, Infinity];
  state.only = null;
  const tabs = part("tabs");
  [...tabs.children].forEach((tab, k) => {
    if (k !== index) tab.removeAttribute("aria-current");
    else {
      tab.setAttribute("aria-current", "true");
      tabs.scrollLeft += tab.getBoundingClientRect().left - tabs.getBoundingClientRect().left - tabs.clientWidth / 3;
    }
  });
  setView(VIEWS[state.view] ? state.view : "iso");
  refill();
  setStep(step);
  showLegend();
  showView();
  showCut();
}

function pick(k, px = 0, py = 0) {
  state.picked = k;
  showTip(k, px, py);
  redraw();
}

/** Nothing is told of any carton any more. */
function forgetCarton() {
  state.hovered = -1;
  pick(-1);
}

/** A page keeps how a person likes the cartons coloured; a file opened from a mail app has no memory. */
const COLOURED = "loading-colour";
function rememberedColour() {
  try {
    const by = localStorage.getItem(COLOURED);
    return COLOURINGS.includes(by) ? by : "stall";
  } catch {
    return "stall";
  }
}

function setColour(by) {
  try {
    localStorage.setItem(COLOURED, by);
  } catch {
    // It is asked for again in the next file.
  }
  state.colour = by;
  state.only = null;
  part("colour").value = by;
  painter.paint(cartonColours());
  showLegend();
  showStep();
}

/** Zoom so that what is under the pointer stays there. */
function zoomAt(factor, px = scene.clientWidth / 2, py = scene.clientHeight / 2) {
  const zoom = Math.max(0.5, Math.min(12, state.zoom * factor));
  const ratio = zoom / state.zoom;
  const middle = [scene.clientWidth / 2, scene.clientHeight / 2];
  state.pan = state.pan.map((pan, k) => [px, py][k] - middle[k] - ratio * ([px, py][k] - middle[k] - pan));
  state.zoom = zoom;
  redraw();
}

function orbit(dx, dy) {
  const [azimuth, elevation] = state.turn;
  state.turn = [azimuth - dx * 0.008, Math.max(-0.15, Math.min(Math.PI / 2, elevation + dy * 0.008))];
  if (state.view) {
    state.view = "";
    showView();
  }
  redraw();
}

/* Pointers on the scene: one turns, two (or one with Shift) move and zoom, a short one picks. */
function followPointers() {
  const down = new Map();
  let travelled = 0;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event);
    const last = down.get(event.pointerId);
    if (!last) {
      hover(event, x, y);
      return;
    }
    const [dx, dy] = [x - last[0], y - last[1]];
    travelled += Math.hypot(dx, dy);
    down.set(event.pointerId, [x, y]);
    if (travelled < 6) return;
    if (state.picked >= 0) pick(-1);
    showTip(-1);
    if (down.size === 2) {
      const other = [...down].find(([id]) => id !== event.pointerId)[1];
      const ratio = Math.hypot(x - other[0], y - other[1]) / Math.max(1, Math.hypot(last[0] - other[0], last[1] - other[1]));
      state.pan = [state.pan[0] + dx / 2, state.pan[1] + dy / 2];
      zoomAt(ratio, (x + other[0]) / 2, (y + other[1]) / 2);
    } else if (event.shiftKey || event.buttons === 2) {
      state.pan = [state.pan[0] + dx, state.pan[1] + dy];
      redraw();
    } else {
      orbit(dx, dy);
    }
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      const known = down.delete(event.pointerId);
      if (!known || down.size || kind === "pointercancel" || travelled >= 6) return;
      const [x, y] = place(event);
      const k = cartonAt(x, y);
      pick(k === state.picked ? -1 : k, x, y);
    });
  }
  canvas.addEventListener("pointerleave", () => {
    if (state.picked >= 0 || state.hovered < 0) return;
    state.hovered = -1;
    showTip(-1);
    redraw();
  });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener(
    "wheel",
    (event) => {
      // In a page of more than the view, the wheel moves the page until the view is in use.
      if (!isWholePage && !event.ctrlKey && !root.contains(document.activeElement)) return;
      event.preventDefault();
      zoomAt(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...place(event));
    },
    { passive: false },
  );

  function hover(event, x, y) {
    if (event.pointerType !== "mouse" || state.picked >= 0) return;
    const k = cartonAt(x, y);
    if (k !== state.hovered) redraw();
    state.hovered = k;
    showTip(k, x, y);
  }
}

// The arrow that points to where the text goes on leads on.
const [ARROW_ON, ARROW_BACK] = root.dir === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
const SHORTCUTS = {
  [ARROW_BACK]: () => stride(-1),
  [ARROW_ON]: () => stride(1),
  k: () => stride(-1),
  j: () => stride(1),
  Home: () => goTo(0),
  End: () => goTo(now().cartons.length),
  "[": () => turnTo(state.container - 1),
  "]": () => turnTo(state.container + 1),
  i: () => changeView("iso"),
  s: () => changeView("side"),
  t: () => changeView("top"),
  d: () => changeView("door"),
  "+": () => zoomAt(1.25),
  "=": () => zoomAt(1.25),
  "-": () => zoomAt(0.8),
  0: () => changeView(state.view || "iso"),
  c: () => setColour(COLOURINGS[(COLOURINGS.indexOf(state.colour) + 1) % COLOURINGS.length]),
  w: play,
  p: printMetres,
  "?": () => part("keys").showModal(),
  Escape() {
    pause();
    forgetCarton();
  },
};
const SHIFTED = { [ARROW_BACK]: () => stride(-1, "layer"), [ARROW_ON]: () => stride(1, "layer") };

/** Whether a key is for the view: what has the focus stands in it, or is nothing that takes keys of its own. */
function isForUs({ target }) {
  if (root.contains(target)) return !target.closest("select, .lv-cut");
  return isWholePage && areKeysOn() && !target.closest("input, select, textarea, [contenteditable], dialog[open]");
}

/** A person may have turned the keys of the page off; those of what has the focus stay. */
function areKeysOn() {
  try {
    return localStorage.getItem("keys") !== "off";
  } catch {
    return true; // a file opened from a mail app has no memory
  }
}

/** Keys pressed in the view are taken before the page sees them; others once the page has left them. */
function followKeys() {
  root.addEventListener("keydown", takeKey);
  listenWhileHere(document, "keydown", takeKey);
}

function takeKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = part("keys");
  const act = (event.shiftKey && SHIFTED[event.key]) || SHORTCUTS[event.key];
  if (keys.open ? event.key !== "?" : !act || !isForUs(event)) return;
  event.preventDefault();
  event.stopPropagation();
  if (keys.open) keys.close();
  else act();
}

/** Listen to something that outlives the view, until a page has taken the view away. */
function listenWhileHere(target, kind, act) {
  target.addEventListener(kind, function heard(event) {
    if (root.isConnected) act(event);
    else target.removeEventListener(kind, heard);
  });
}

function changeView(view) {
  setView(view);
  showView();
}

function listen() {
  part("previous").addEventListener("click", () => stride(-1));
  part("next").addEventListener("click", () => stride(1));
  part("step").addEventListener("input", (event) => goTo(Number(event.target.value)));
  part("stride").addEventListener("change", (event) => {
    state.stride = event.target.value;
    showStep();
  });
  part("colour").addEventListener("change", (event) => setColour(event.target.value));
  part("cut").addEventListener("input", (event) => {
    state.cut[state.axis] = event.target.value === event.target.max ? Infinity : Number(event.target.value);
    showCut();
  });
  part("axis").addEventListener("change", (event) => {
    state.axis = Number(event.target.value);
    showCut();
  });
  part("balance-shown").addEventListener("click", () => {
    state.hasBalance = !state.hasBalance;
    part("balance-shown").setAttribute("aria-pressed", String(state.hasBalance));
    redraw();
  });
  part("play").addEventListener("click", play);
  part("views").addEventListener("click", (event) => {
    const view = event.target.closest("button")?.dataset.view;
    if (view) changeView(view);
  });
  part("zoom-in").addEventListener("click", () => zoomAt(1.4));
  part("zoom-out").addEventListener("click", () => zoomAt(1 / 1.4));
  part("print").addEventListener("click", printMetres);
  part("help").addEventListener("click", () => part("keys").showModal());
  part("close").addEventListener("click", () => part("keys").close());
  new ResizeObserver(() => {
    root.classList.toggle("lv-wide", root.clientWidth >= 860);
    if (state.view) setView(state.view);
    redraw();
  }).observe(scene);
  listenWhileHere(matchMedia("(prefers-color-scheme: dark)"), "change", retheme);
  listenWhileHere(window, "beforeprint", fillPaper);
  listenWhileHere(window, "afterprint", clearPaper);
  followPointers();
  followKeys();
}

/* ---- on paper: every metre of the container with a picture, in which only what it brings has colours ---- */

const PAPER = { size: [560, 300], pixel: 2 };
const tablesOfPage = () => document.querySelectorAll("details.loading-tables");

let isOnlyMetres = false;

function printMetres() {
  isOnlyMetres = true;
  print();
}

/** Who prints the page by the browser's own command gets its tables too. */
function fillPaper() {
  for (const tables of tablesOfPage()) tables.open ||= !isOnlyMetres;
  root.classList.add("lv-on-paper");
  readTheme();
  painter.load(now(), shellLines());
  const view = camera(PAPER.size, { turn: isoTurn(...PAPER.size), zoom: 1, pan: [0, 0] }, PAPER.pixel);
  part("paper").replaceChildren(...now().layers.map((_, index) => paperLayer(index, view)));
  refill();
  draw();
}

function paperLayer(index, view) {
  const [start, end] = [now().layers[index], endOf(now().layers, index)];
  const colours = cartonColours();
  for (let k = 0; k < start; k++) colours.set(theme.pale, 3 * k);
  painter.paint(colours);
  painter.draw(view, { step: end, bright: [0, 0], hovered: -1, clip: clipOf(now().inside, [Infinity, Infinity, Infinity]) });
  const picture = make("canvas", "");
  resize(picture, canvas.width, canvas.height);
  picture.getContext("2d").drawImage(canvas, 0, 0);
  const items = groupsOf(index).map(([from, to]) => make("li", "", ...groupText(from, to)));
  const heading = make("h3", "", ...layerName(index));
  return make("section", "", heading, make("p", "", ...layerPlace(index)), picture, make("ol", "", ...items));
}

function clearPaper() {
  isOnlyMetres = false;
  root.classList.remove("lv-on-paper");
  part("paper").replaceChildren();
  retheme();
}

function retheme() {
  readTheme();
  refill();
  showLegend();
  showStep();
}

function showTabs() {
  const tabs = containers.map((container, k) => {
    const name = say("container", { number: k + 1, type: container.type });
    const tab = make("button", "", make("b", "", ...name), " ", make("span", "count", number(container.cartons.length)));
    tab.type = "button";
    tab.addEventListener("click", () => turnTo(k));
    return tab;
  });
  part("tabs").replaceChildren(...tabs);
  const sum = (name) => containers.reduce((total, container) => total + container[name], 0);
  const isKnown = containers.every((container) => container.grossKnown);
  const blanks = {
    containers: containers.length,
    cartons: number(containers.reduce((total, container) => total + container.cartons.length, 0)),
    volume: cubicMetres(sum("volume")),
    weight: kilograms(sum("gross")),
  };
  part("summary").replaceChildren(...say(isKnown ? "summary" : "summary_partly", blanks));
}

part("body").hidden = false;
root.classList.toggle("lv-wide", root.clientWidth >= 860);
for (const tables of tablesOfPage()) tables.open = false;
state.colour = rememberedColour();
part("colour").value = state.colour;
for (const option of [...part("colour").options]) if (!COLOURINGS.includes(option.value)) option.remove();
readTheme();
painter = glWorks() ? glPainter(canvas) : plainPainter(canvas);
canvas.dataset.painter = painter.name;
showTabs();
showPlay();
listen();
openContainer(...recall());
}

/* ---- the beginning: data stand in the page, or are fetched ---- */

async function dataOf({ dataset }) {
  if (dataset.from) return JSON.parse(document.getElementById(dataset.from).textContent);
  const answer = await fetch(dataset.json, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${dataset.json}: ${answer.status}`);
  return answer.json();
}

async function begin(root) {
  const [wait, failed, empty] = ["wait", "failed", "empty"].map((name) => root.querySelector(`.lv-${name}`));
  wait.hidden = false;
  failed.hidden = true;
  try {
    const data = await dataOf(root);
    if (data.containers.length) show(root, data);
    else empty.hidden = false;
  } catch (fault) {
    console.warn(fault);
    failed.hidden = false;
  }
  wait.hidden = true;
}

const begun = new WeakSet();
function beginAll() {
  for (const root of document.querySelectorAll(".loading-view")) {
    if (begun.has(root)) continue;
    begun.add(root);
    root.querySelector(".lv-again").addEventListener("click", () => begin(root));
    begin(root);
  }
}
beginAll();
// Where htmx brings the view later.
document.addEventListener("htmx:load", beginAll);
})();
