// What hands do on the picture: mouse, pen, fingers and keys, each gesture as the table of the help has it.
import assert from "node:assert/strict";

import { canvasPixels } from "../lib/canvas.mjs";
import { pageTest, screenshot } from "../lib/page.mjs";
import { becomes, openPhantom, pointOf, stage, stagePixels, voxel, windowOf, zoomOf } from "../lib/viewer.mjs";

const WHOLE = [1, 0, 0];

/** Puts the mouse's pointer on a voxel. */
const over = async (page, x, y) => page.mouse.move(...(await pointOf(page, x, y)));

async function drag(page, from, to, button = "left") {
  await page.mouse.move(...from);
  await page.mouse.down({ button });
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
  await page.mouse.move(...to);
  await page.mouse.up({ button });
}

pageTest("mouse: wheel, drag, right drag, Ctrl and wheel, middle drag, double click", async (page) => {
  await openPhantom(page);
  const [, , z] = await voxel(page);

  await over(page, 5, 5);
  await page.mouse.wheel(0, 100);
  await becomes(page, async () => (await voxel(page))[2], z - 1, "slice");
  await page.mouse.wheel(0, -100);
  await becomes(page, async () => (await voxel(page))[2], z, "slice");

  await drag(page, await pointOf(page, 4, 4), await pointOf(page, 11, 6));
  await becomes(page, () => voxel(page), [11, 6, z], "crosshair");

  const before = await windowOf(page);
  const [x, y] = await pointOf(page, 7, 6);
  await drag(page, [x, y], [x + 60, y + 40], "right");
  const [level, width] = await becomes(page, () => windowOf(page), ([, width]) => width > before[1], "window");
  assert.ok(level > before[0], "dragged down, the level rises");

  await page.keyboard.down("Control");
  await over(page, 3, 2);
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await becomes(page, () => zoomOf(page), ([factor]) => factor > 1.3, "zoom");
  // The voxel under the pointer stayed where it was.
  await page.mouse.down();
  await page.mouse.up();
  await becomes(page, () => voxel(page), [3, 2, z], "crosshair");

  const [, across, down] = await zoomOf(page);
  await drag(page, [x, y], [x + 50, y + 30], "middle");
  await becomes(page, () => zoomOf(page), ([, right, below]) => right > across && below > down, "place");
  assert.deepEqual(await windowOf(page), [level, width], "moving is not windowing");

  await page.mouse.dblclick(x, y);
  await becomes(page, () => zoomOf(page), WHOLE, "zoom");
  await becomes(page, () => windowOf(page), before, "window");
});

/** Fingers on the glass. */
async function touches(page) {
  const session = await page.context().newCDPSession(page);
  const send = (type, points, timestamp) => session.send("Input.dispatchTouchEvent", {
    type,
    touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    ...(timestamp && { timestamp }),
  });
  return {
    async drag(from, to) {
      for (let count = 1; count <= from.length; count += 1) await send("touchStart", from.slice(0, count));
      for (const part of [0.25, 0.5, 0.75, 1]) {
        await send("touchMove", from.map((start, i) => start.map((at, axis) => at + part * (to[i][axis] - at))));
      }
      await send("touchEnd", []);
    },
    async doubleTap(point) {
      const now = Date.now() / 1000;
      for (const [type, points, after] of [["touchStart", [point], 0], ["touchEnd", [], 0.05], ["touchStart", [point], 0.15], ["touchEnd", [], 0.2]]) {
        await send(type, points, now + after);
      }
    },
  };
}

pageTest("touch: one finger, two, a pinch, three, a double tap", { context: { hasTouch: true } }, async (page) => {
  await openPhantom(page);
  const fingers = await touches(page);
  const [, , z] = await voxel(page);
  await fingers.drag([await pointOf(page, 4, 4)], [await pointOf(page, 8, 7)]);
  await becomes(page, () => voxel(page), [8, 7, z], "crosshair");

  const [x, y] = await pointOf(page, 7, 6);
  const pair = (apart, [dx, dy] = [0, 0]) => [[x - apart + dx, y + dy], [x + apart + dx, y + dy]];
  await fingers.drag(pair(60), pair(60, [40, 30]));
  const [factor, across, down] = await becomes(page, () => zoomOf(page), ([, right, below]) => right > 0 && below > 0, "place");
  // Fingers that move one after the other change their distance on the way.
  assert.ok(Math.abs(factor - 1) < 0.1, `two fingers in parallel zoom by ${factor}`);
  assert.deepEqual(await voxel(page), [8, 7, z], "two fingers leave the crosshair alone");

  await fingers.drag(pair(40), pair(80));
  await becomes(page, () => zoomOf(page), ([now]) => now > 1.7 * factor && now < 2.3 * factor, "zoom");

  const before = await windowOf(page);
  const three = (dx, dy) => [-60, 0, 60].map((at) => [x + at + dx, y + dy]);
  await fingers.drag(three(0, 0), three(50, 30));
  await becomes(page, () => windowOf(page), ([level, width]) => level > before[0] && width > before[1], "window");

  await fingers.doubleTap([x, y]);
  await becomes(page, () => zoomOf(page), WHOLE, "zoom");
  await becomes(page, () => windowOf(page), before, "window");
  assert.ok(across > 0 && down > 0);
});

pageTest("pen: its tip moves the crosshair, its button the window", async (page) => {
  await openPhantom(page);
  const session = await page.context().newCDPSession(page);
  const send = (type, [x, y], button, buttons) =>
    session.send("Input.dispatchMouseEvent", { type, x, y, button, buttons, clickCount: 1, pointerType: "pen" });
  const draw = async (button, buttons, from, to) => {
    await send("mousePressed", from, button, buttons);
    await send("mouseMoved", to, button, buttons);
    await send("mouseReleased", to, button, 0);
  };
  const [, , z] = await voxel(page);
  await draw("left", 1, await pointOf(page, 4, 4), await pointOf(page, 10, 5));
  await becomes(page, () => voxel(page), [10, 5, z], "crosshair");
  const before = await windowOf(page);
  const [x, y] = await pointOf(page, 7, 6);
  await draw("right", 2, [x, y], [x + 50, y + 20]);
  await becomes(page, () => windowOf(page), ([, width]) => width > before[1], "window");
});

pageTest("keys: slice, crosshair, zoom, place, window, plane, layers, reset", async (page) => {
  await openPhantom(page);
  const pictured = (text) => stage(page).getByRole("img", { name: text }).waitFor();
  const crosshair = page.locator(".stage__line");
  await stage(page).focus();
  const press = (key) => page.keyboard.press(key);
  const [x, y, z] = await voxel(page);
  // Radiological: the patient's right, low x, lies on the left.
  for (const [key, expected] of [
    ["PageUp", [x, y, z + 1]], ["PageDown", [x, y, z]],
    ["ArrowLeft", [x + 1, y, z]], ["ArrowRight", [x, y, z]], ["ArrowUp", [x, y + 1, z]], ["ArrowDown", [x, y, z]],
  ]) {
    await press(key);
    await becomes(page, () => voxel(page), expected, key);
  }
  const window = await windowOf(page);
  for (const [key, read, expected] of [
    ["+", zoomOf, ([factor]) => factor > 1], ["-", zoomOf, WHOLE], ["=", zoomOf, ([factor]) => factor > 1],
    ["Home", zoomOf, WHOLE],
    ["Shift+ArrowRight", zoomOf, [1, 5, 0]], ["Shift+ArrowDown", zoomOf, [1, 5, 5]],
    ["Shift+ArrowLeft", zoomOf, [1, 0, 5]], ["Shift+ArrowUp", zoomOf, WHOLE],
    ["l", windowOf, ([level]) => level > window[0]], ["Shift+L", windowOf, ([level]) => Math.abs(level - window[0]) < 0.01 * window[1]],
    ["w", windowOf, ([, width]) => width > window[1]], ["Home", windowOf, window],
  ]) {
    await press(key);
    await becomes(page, () => read(page), expected, key);
  }
  await press("x");
  await becomes(page, () => crosshair.count(), 0, "lines of the crosshair");
  await press("o");
  await pictured(/outline of the reference labels/);
  await press("f");
  await pictured(/^(?!.* reference labels,)/);
  const smooth = await stagePixels(page);
  await press("i");
  await becomes(page, async () => (await canvasPixels(page, ".stage canvas")).difference(smooth) > 100, true, "interpolation");
  await press("2");
  await pictured(/^Coronal/);
  await press("3");
  await pictured(/^Sagittal/);
  await press("1");
  await pictured(/^Axial/);
});

pageTest("? lists every gesture and key, and keys of one character can be turned off for good", async (page) => {
  await openPhantom(page);
  const help = page.getByRole("dialog", { name: "Gestures and keys" });
  await page.keyboard.press("?");
  await help.waitFor();
  const table = help.getByRole("table", { name: "Gestures and keys" });
  for (const [what, ...hands] of [
    ["Change the slice", "Wheel", "Page Up", "Slider “Slice”"], ["Move the crosshair", "Drag", "One finger", "←"],
    ["Zoom", "Ctrl and wheel", "Pinch", "+"], ["Move the picture", "Middle drag", "Two fingers", "Shift ←"],
    ["Reset zoom, place and window", "Double click", "Double tap", "Home"], ["Window: across", "Right drag", "Three fingers"],
  ]) {
    const row = await table.getByRole("row", { name: what }).first().innerText();
    for (const hand of hands) assert.ok(row.includes(hand), `${what}: ${row}`);
  }
  await screenshot(page, "gestures-help");
  await help.getByRole("checkbox", { name: "Keys that are a single character" }).uncheck();
  await help.getByRole("button", { name: "Close" }).click();
  const still = async () => {
    await stage(page).focus();
    for (const key of ["x", "?", "3"]) await page.keyboard.press(key);
    await page.keyboard.press("PageUp");
  };
  const [, , z] = await voxel(page);
  await still();
  await becomes(page, async () => (await voxel(page))[2], z + 1, "slice: keys with a name go on");
  assert.ok(!(await help.isVisible()));
  assert.equal(await page.locator(".stage__line").count(), 2);
  await stage(page).getByRole("img", { name: /^Axial/ }).waitFor();

  await page.reload();
  await stage(page).getByRole("img", { name: /with .*contour map/ }).waitFor();
  await still();
  assert.equal(await page.locator(".stage__line").count(), 2, "it is remembered");
  await page.getByRole("button", { name: "Gestures and keys" }).click();
  await help.getByRole("checkbox", { name: "Keys that are a single character" }).check();
  await page.keyboard.press("Escape");
  await stage(page).focus();
  await page.keyboard.press("x");
  await becomes(page, () => page.locator(".stage__line").count(), 0, "lines of the crosshair");
});

pageTest("whatever a gesture does, a control does too", async (page) => {
  await openPhantom(page);
  await page.locator(".popover > summary", { hasText: "Place" }).click();
  const type = async (name, value) => {
    const box = page.getByRole("spinbutton", { name, exact: true });
    await box.fill(String(value));
    await box.press("Tab");
  };
  await type("x", 2);
  await type("y", 3);
  await type("z", 4);
  await becomes(page, () => voxel(page), [2, 3, 4], "crosshair");
  await type("Zoom", 2);
  await type("Move across", 10);
  await type("Move down", -5);
  await becomes(page, () => zoomOf(page), [2, 10, -5], "zoom");
  await screenshot(page, "place");
  await page.getByRole("button", { name: "Reset zoom, place and window" }).click();
  await becomes(page, () => zoomOf(page), WHOLE, "zoom");
});
