// The system's Chromium with WebGPU on its software adapter.
import { existsSync } from "node:fs";

import { chromium } from "playwright-core";

const PROGRAMS = [
  process.env.CONTOUR_LAB_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium-browser",
];

const FLAGS = [
  // Test machines run as root, where Chromium's sandbox does not start.
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  // A canvas reaches the screen only where the compositor too uses the software Vulkan. Without these three there
  // is an adapter, but the first frame takes the device with it ("A valid external Instance reference no longer exists").
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
  // No traffic of the browser's own.
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts the browser with a profile of its own, which goes with it. `without` drops flags by their beginning. */
export function launch({ without = [] } = {}) {
  const executablePath = PROGRAMS.find((program) => program && existsSync(program));
  if (!executablePath) throw new Error("no Chromium found; `scripts/setup.sh` installs it, CONTOUR_LAB_CHROMIUM names one");
  const args = FLAGS.filter((flag) => !without.some((start) => flag.startsWith(start)));
  return chromium.launch({ executablePath, headless: true, args });
}
