// Small data sets in folders, as nnU-Net and BraTS lay them out, of which a test knows every voxel.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { writeNifti } from "./nifti.mjs";

export const SHAPE = [24, 20, 12];
const SPACING = [1, 1, 2];

/** A ball in the middle: 4 in the core, 1 around it, 2 outside; 0 elsewhere. */
export function tumour(x, y, z) {
  const r = Math.hypot(x - 12, y - 10, 2 * (z - 6));
  return r < 3 ? 4 : r < 5 ? 1 : r < 8 ? 2 : 0;
}

/** Channel and subject can be read off a voxel: 0 outside of a head, else 1000·channel + 100·subject + 10·class + noise. */
export function value(subject, channel, x, y, z) {
  if (Math.hypot(x - 12, y - 10) > 9.5) return 0;
  return 1000 * channel + 100 * subject + 10 * tumour(x, y, z) + ((x * 7 + y * 5 + z * 3) % 9);
}

export const image = (subject, channel) => writeNifti(SHAPE, SPACING, "int16", (x, y, z) => value(subject, channel, x, y, z));

export const label = (shift = 0) => writeNifti(SHAPE, SPACING, "uint8", tumour, {
  affine: [[1, 0, 0, shift], [0, 1, 0, 0], [0, 0, 2, 0]],
});

/** Writes files by path below a new folder; `remove` takes it away. */
export function folder(files) {
  const root = mkdtempSync(join(tmpdir(), "contour-lab-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Subjects in nnU-Net's folders, two channels each. */
export function nnunet(subjects) {
  const files = {
    "dataset.json": JSON.stringify({
      channel_names: { 0: "T1", 1: "FLAIR" },
      labels: { background: 0, core: 1, oedema: 2, "active part": 4 },
    }),
    "imagesTs/case_9_0000.nii.gz": image(9, 1),
  };
  for (const subject of subjects) {
    files[`imagesTr/case_${subject}_0000.nii.gz`] = image(subject, 1);
    files[`imagesTr/case_${subject}_0001.nii.gz`] = image(subject, 2);
    files[`labelsTr/case_${subject}.nii.gz`] = label();
  }
  return folder(files);
}

/** Subjects in BraTS's folders, four modalities each. */
export function brats(subjects) {
  const kinds = ["t1", "t1ce", "t2", "flair"];
  const files = {};
  for (const subject of subjects) {
    const stem = `BraTS20_${subject}/BraTS20_${subject}`;
    kinds.forEach((kind, i) => { files[`${stem}_${kind}.nii.gz`] = image(subject, i + 1); });
    files[`${stem}_seg.nii.gz`] = label();
  }
  return folder(files);
}
