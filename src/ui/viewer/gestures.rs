//! What hands do on the stage. Each gesture has a control and a key as well.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::Window;
use super::scene::{Look, Zoom};
use crate::ui::State;
use crate::ui::maps::Cut;

/// Zoom of one notch of the wheel or one key.
const ZOOM_STEP: f32 = 1.15;
const ZOOM_RANGE: (f32, f32) = (0.5, 16.0);
/// Wheel travel of one slice, in pixels: a notch of a mouse is 100 or 120, a trackpad sends a few at a time.
const WHEEL_TRAVEL: f64 = 60.0;
/// Share of the window's width that a pixel of right-drag changes.
const WINDOW_PER_PIXEL: f32 = 0.004;

#[derive(Clone, Copy, PartialEq)]
enum Drag {
    None,
    Crosshair,
    Window,
    Pan,
}

/// The gestures of one stage.
#[derive(Clone, Copy)]
pub struct Gestures {
    state: State,
    look: Memo<Option<Look>>,
    zoom: RwSignal<Zoom>,
    canvas: RwSignal<[u32; 2]>,
    drag: StoredValue<(Drag, [i32; 2])>,
    travel: StoredValue<f64>,
}

impl Gestures {
    pub fn new(
        state: State,
        look: Memo<Option<Look>>,
        zoom: RwSignal<Zoom>,
        canvas: RwSignal<[u32; 2]>,
    ) -> Self {
        Self {
            state,
            look,
            zoom,
            canvas,
            drag: StoredValue::new((Drag::None, [0, 0])),
            travel: StoredValue::new(0.0),
        }
    }

    /// The wheel changes the slice; with Ctrl held (or by pinching a trackpad) it zooms.
    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        self.leave();
        if event.ctrl_key() {
            self.magnify(ZOOM_STEP.powf(-event.delta_y() as f32 / 100.0));
            return;
        }
        let lines = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE {
            40.0
        } else {
            1.0
        };
        let travel = self.travel.get_value() + event.delta_y() * lines;
        let slices = (travel / WHEEL_TRAVEL).trunc();
        self.travel.set_value(travel - slices * WHEEL_TRAVEL);
        self.turn(-slices as isize);
    }

    pub fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => self.step(0, -1),
            "ArrowRight" => self.step(0, 1),
            "ArrowUp" => self.step(1, -1),
            "ArrowDown" => self.step(1, 1),
            "PageUp" => self.turn(1),
            "PageDown" => self.turn(-1),
            "+" | "=" => self.magnify(ZOOM_STEP),
            "-" => self.magnify(1.0 / ZOOM_STEP),
            "Home" => self.zoom.set(Zoom::default()),
            _ => return,
        }
        // A pointer that rests on the picture must not hold the pixel against the keys.
        self.leave();
        event.prevent_default();
    }

    pub fn down(self, event: &PointerEvent) {
        let drag = match event.button() {
            0 => Drag::Crosshair,
            1 => Drag::Pan,
            2 => Drag::Window,
            _ => return,
        };
        if let Some(stage) = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok())
        {
            // Without capture the drag ends at the stage's edge, which does no harm.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
        if drag == Drag::Pan {
            event.prevent_default();
        }
        self.leave();
        self.drag.set_value((drag, [event.client_x(), event.client_y()]));
        if drag == Drag::Crosshair {
            self.point(event);
        }
    }

    pub fn moved(self, event: &PointerEvent) {
        let (drag, before) = self.drag.get_value();
        let now = [event.client_x(), event.client_y()];
        let [dx, dy] = [now[0] - before[0], now[1] - before[1]].map(|pixels| pixels as f32);
        self.drag.set_value((drag, now));
        match drag {
            Drag::None => self.hover(event),
            Drag::Crosshair => self.point(event),
            Drag::Window => self.state.window.update(|window| {
                let unit = window.width * WINDOW_PER_PIXEL;
                *window = Window::new(window.level + dy * unit, window.width + dx * unit).rounded();
            }),
            Drag::Pan => {
                let ratio = window().device_pixel_ratio() as f32;
                let [width, height] = self
                    .canvas
                    .get_untracked()
                    .map(|pixels| pixels.max(1) as f32 / ratio);
                self.zoom.update(|zoom| {
                    zoom.pan[0] += dx / width;
                    zoom.pan[1] += dy / height;
                });
            }
        }
    }

    pub fn up(self) {
        self.drag.set_value((Drag::None, [0, 0]));
    }

    /// The pointer is no longer over a pixel of its own.
    pub fn leave(self) {
        let hover = self.state.pixels.hover;
        if hover.with_untracked(Option::is_some) {
            hover.set(None);
        }
    }

    /// Says which voxel lies under a pointer without a button; a finger does not hover.
    fn hover(self, event: &PointerEvent) {
        if event.pointer_type() == "touch" || event.buttons() != 0 {
            return;
        }
        let cursor = self.state.cursor.get_untracked();
        let under = self.under(event).and_then(|(cut, [x, y])| {
            let inside = (0..cut.columns as i32).contains(&x) && (0..cut.rows as i32).contains(&y);
            let [across, down, through] = cut.plane.axes();
            let mut voxel = cursor;
            voxel[across] = x.max(0) as usize;
            voxel[down] = y.max(0) as usize;
            voxel[through] = cut.index;
            inside.then_some(voxel)
        });
        let hover = self.state.pixels.hover;
        if hover.get_untracked() != under {
            hover.set(under);
        }
    }

    /// Puts the crosshair on the voxel under the pointer.
    fn point(self, event: &MouseEvent) {
        let Some((cut, [x, y])) = self.under(event) else {
            return;
        };
        let [across, down, _] = cut.plane.axes();
        self.state.cursor.update(|cursor| {
            cursor[across] = x.clamp(0, cut.columns as i32 - 1) as usize;
            cursor[down] = y.clamp(0, cut.rows as i32 - 1) as usize;
        });
    }

    /// The picture's cut, and column and row under the pointer, which may lie beyond it.
    fn under(self, event: &MouseEvent) -> Option<(Arc<Cut>, [i32; 2])> {
        let stage = event.current_target()?.dyn_into::<Element>().ok()?;
        let frame = stage.get_bounding_client_rect();
        let ratio = window().device_pixel_ratio();
        let at = [
            f64::from(event.client_x()) - frame.left(),
            f64::from(event.client_y()) - frame.top(),
        ];
        let canvas = self.canvas.get_untracked();
        self.look.with_untracked(|look| {
            let look = look.as_ref()?;
            let fit = look.fit(canvas, self.zoom.get_untracked());
            let voxel = fit.voxel(at.map(|pixels| (pixels * ratio) as f32));
            Some((Arc::clone(&look.shown.cut), voxel))
        })
    }

    /// Moves the crosshair by a pixel of the picture, in the direction of the screen.
    fn step(self, side: usize, by: isize) {
        self.look.with_untracked(|look| {
            let Some(look) = look else { return };
            let fit = look.fit([1, 1], Zoom::default());
            let by = if fit.step[side] < 0.0 { -by } else { by };
            self.shift(look.shown.cut.plane.axes()[side], by);
        });
    }

    fn turn(self, by: isize) {
        self.shift(self.state.plane.get_untracked().axes()[2], by);
    }

    fn shift(self, axis: usize, by: isize) {
        let Some(study) = self.state.study.get_untracked() else {
            return;
        };
        let last = study.shape[axis] - 1;
        self.state
            .cursor
            .update(|cursor| cursor[axis] = cursor[axis].saturating_add_signed(by).min(last));
    }

    fn magnify(self, by: f32) {
        self.zoom
            .update(|zoom| zoom.factor = (zoom.factor * by).clamp(ZOOM_RANGE.0, ZOOM_RANGE.1));
    }
}
