//! Pixels as SVG paths; a pixel is one unit wide.

/// Unit squares with their corners at these places.
pub fn squares(places: &[[i32; 2]]) -> String {
    each(places, |[x, y]| format!("M{x} {y}h1v1h-1z"))
}

/// A disc in the middle of each pixel.
pub fn discs(places: &[[i32; 2]]) -> String {
    each(places, |[x, y]| {
        format!("M{x} {y}m.32 .5a.18 .18 0 1 0 .36 0a.18 .18 0 1 0 -.36 0z")
    })
}

/// A cross in the middle of each pixel.
pub fn crosses(places: &[[i32; 2]]) -> String {
    each(places, |[x, y]| format!("M{x} {y}m.3 .3l.4 .4m0 -.4l-.4 .4"))
}

/// Diagonals over each pixel.
pub fn hatching(places: &[[i32; 2]]) -> String {
    each(places, |[x, y]| {
        format!("M{x} {y}m0 .5l.5 -.5m-.5 1l1 -1m-.5 1l.5 -.5")
    })
}

/// Every side of a pixel that is not shared with another of them.
pub fn outline(places: &[[i32; 2]]) -> String {
    each(places, |[x, y]| {
        let free = |dx, dy| !places.contains(&[x + dx, y + dy]);
        let mut sides = String::new();
        for (is_free, side) in [
            (free(0, -1), format!("M{x} {y}h1")),
            (free(0, 1), format!("M{x} {}h1", y + 1)),
            (free(-1, 0), format!("M{x} {y}v1")),
            (free(1, 0), format!("M{} {y}v1", x + 1)),
        ] {
            if is_free {
                sides += &side;
            }
        }
        sides
    })
}

/// Lines between the pixels of a grid that begins at `first`.
pub fn lines(first: [i32; 2], [columns, rows]: [i32; 2]) -> String {
    let [x, y] = first;
    let down = (1..columns).map(|i| format!("M{} {y}v{rows}", x + i));
    let across = (1..rows).map(|i| format!("M{x} {}h{columns}", y + i));
    down.chain(across).collect()
}

fn each(places: &[[i32; 2]], draw: impl Fn([i32; 2]) -> String) -> String {
    places.iter().map(|place| draw(*place)).collect()
}
