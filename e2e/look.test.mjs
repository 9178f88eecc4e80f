import { pageTest } from "./lib/page.mjs";
import { mkdirSync } from "node:fs";
mkdirSync("/tmp/look",{recursive:true});
for (const [name, ctx] of [["light",{viewport:{width:1440,height:900},colorScheme:"light"}],["dark",{viewport:{width:1440,height:900},colorScheme:"dark"}],["phone",{viewport:{width:390,height:844},colorScheme:"light"}]]) {
  if (process.env.ONLY && !process.env.ONLY.includes(name)) continue;
  pageTest("look "+name, async (page) => {
    await page.waitForTimeout(6000);
    await page.screenshot({path:`/tmp/look/${name}-1.png`});
    for (const id of ["contour","loss","pixels","training","scores"]) {
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
      await page.locator(`#${id}`).screenshot({path:`/tmp/look/${name}-${id}.png`}).catch(()=>{});
    }
    const ask = page.getByRole("button",{name:"Ask the network"});
    if (await ask.count()) { await ask.click(); await page.waitForTimeout(25000);
      await page.locator(`#pixels`).scrollIntoViewIfNeeded();
      await page.screenshot({path:`/tmp/look/${name}-2.png`});
      await page.locator(`#pixels`).screenshot({path:`/tmp/look/${name}-pixels2.png`}); }
  }, {context: ctx});
}
