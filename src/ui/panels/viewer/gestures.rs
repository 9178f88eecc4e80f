//! What hands do on a stage, looked up in the table of [`bindings`](super::bindings).

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::bindings;
use super::bindings::{Deed, Hand, Mouse, Touch, chord, is_single};
use super::pointers::{Change, Pointers};
use super::viewing::{Port, Viewing};
use crate::page::{Cut, Window};
use crate::ui::services::strokes;
use crate::ui::store::{State, Tool};

/// Wheel travel of one slice, in pixels: a notch of a mouse is 100 or 120, a trackpad sends a few at a time.
const WHEEL_TRAVEL: f64 = 100.0;
/// Pixels of a wheel's line.
const LINE: f64 = 40.0;
/// Wheel travel of a zoom by e.
const ZOOM_TRAVEL: f32 = 700.0;
/// Share of the window's width that a pixel of right-drag changes.
const WINDOW_PER_PIXEL: f32 = 0.004;
/// A finger that comes and goes within this is a tap; two of them this near each other are a double tap.
const TAP_MS: f64 = 500.0;
const TAP_PIXELS: f64 = 24.0;

/// The gestures of one stage.
#[derive(Clone, Copy)]
pub struct Gestures {
    state: State,
    viewing: Viewing,
    port: Port,
    held: StoredValue<Held>,
    travel: StoredValue<f64>,
}

/// What is under way.
#[derive(Clone, Debug, Default)]
struct Held {
    pointers: Pointers,
    hand: Option<Hand>,
    /// Where the crosshair was when the first finger came: a second finger means something else.
    before: [usize; 3],
    touched: Option<Tap>,
    tapped: Option<Tap>,
}

#[derive(Clone, Copy, Debug)]
struct Tap {
    at_ms: f64,
    at: [f64; 2],
}

impl Tap {
    fn of(event: &PointerEvent) -> Self {
        Self {
            at_ms: event.time_stamp(),
            at: place(event),
        }
    }

    fn is_near(self, other: Self) -> bool {
        let apart = (self.at[0] - other.at[0]).hypot(self.at[1] - other.at[1]);
        (self.at_ms - other.at_ms).abs() < TAP_MS && apart < TAP_PIXELS
    }
}

impl Gestures {
    pub fn new(state: State, viewing: Viewing, port: Port) -> Self {
        Self {
            state,
            viewing,
            port,
            held: StoredValue::new(Held::default()),
            travel: StoredValue::new(0.0),
        }
    }

    pub fn wheel(self, event: &WheelEvent) {
        // Pinching a trackpad comes as a wheel with Ctrl held.
        let mouse = if event.ctrl_key() {
            Mouse::CtrlWheel
        } else {
            Mouse::Wheel
        };
        let pixels = match event.delta_mode() {
            WheelEvent::DOM_DELTA_LINE => event.delta_y() * LINE,
            _ => event.delta_y(),
        };
        event.prevent_default();
        self.leave();
        match bindings::by_mouse(mouse, self.draws()) {
            Some(Hand::Zoom) => self.magnify((-pixels as f32 / ZOOM_TRAVEL).exp(), event, place(event)),
            Some(Hand::Slice) => {
                let travel = self.travel.get_value() + pixels;
                let slices = (travel / WHEEL_TRAVEL).trunc();
                self.travel.set_value(travel - slices * WHEEL_TRAVEL);
                self.deed(Deed::Turn(-slices as isize));
            }
            _ => {}
        }
    }

    pub fn key(self, event: &KeyboardEvent) {
        if event.alt_key() {
            return;
        }
        let chord = chord(
            &event.key(),
            event.ctrl_key() || event.meta_key(),
            event.shift_key(),
        );
        let allowed = !is_single(&chord) || self.viewing.single_keys.get_untracked();
        // Help is for the whole page.
        let deed = bindings::by_key(&chord).filter(|deed| allowed && *deed != Deed::Help);
        if let Some(deed) = deed {
            // A pointer that rests on the picture must not hold the pixel against the keys.
            self.leave();
            self.deed(deed);
            event.prevent_default();
            keep_focus();
        }
    }

    pub fn down(self, event: &PointerEvent) {
        self.port.choose(self.state);
        self.leave();
        if let Some(stage) = stage(event) {
            // Without capture the drag ends at the stage's edge, which does no harm.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
        let (cursor, draws) = (self.state.view.cursor.get_untracked(), self.draws());
        let hand = self.held.try_update_value(|held| {
            held.pointers.put(event.pointer_id(), place(event));
            held.hand = if is_finger(event) {
                let fingers = held.pointers.len();
                held.touched = (fingers == 1).then(|| Tap::of(event));
                if fingers == 1 {
                    held.before = cursor;
                } else if held.hand == Some(Hand::Crosshair) {
                    self.state.view.cursor.set(held.before);
                } else if held.hand == Some(Hand::Draw) {
                    strokes::cancel(self.state);
                }
                bindings::by_touch(Touch::Drag(fingers), draws)
            } else {
                bindings::by_mouse(Mouse::Drag(event.button()), draws)
            };
            held.hand
        });
        match hand.flatten() {
            Some(Hand::Crosshair) => self.point(event),
            Some(hand @ (Hand::Draw | Hand::Erase)) => self.draw(event, hand, true),
            // The browser would scroll.
            Some(Hand::Pan) => event.prevent_default(),
            _ => {}
        }
    }

    pub fn moved(self, event: &PointerEvent) {
        let change = self.held.try_update_value(|held| {
            let change = held.pointers.shift(event.pointer_id(), place(event))?;
            Some((change, held.hand?, held.pointers.len()))
        });
        let Some(Some((change, hand, count))) = change else {
            return self.hover(event);
        };
        match hand {
            Hand::Crosshair => self.point(event),
            Hand::Window => self.drag_window(change),
            Hand::Pan => self.drag_picture(change),
            Hand::Draw | Hand::Erase => self.draw(event, hand, false),
            Hand::Slice | Hand::Zoom | Hand::Reset => {}
        }
        if count == 2 && bindings::by_touch(Touch::Pinch, self.draws()) == Some(Hand::Zoom) {
            self.magnify(change.spread, event, change.middle);
        }
    }

    pub fn up(self, event: &PointerEvent) {
        strokes::end(self.state.data);
        let is_double = self.held.try_update_value(|held| {
            held.pointers.lift(event.pointer_id());
            // The finger that stays behind does not go on with something else.
            held.hand = None;
            let tap = Tap::of(event);
            if held.touched.take().is_none_or(|from| !from.is_near(tap)) {
                return false;
            }
            let last = held.tapped.replace(tap);
            last.is_some_and(|last| last.is_near(tap))
        });
        // Two dabs of the pen are no double tap.
        let hand = bindings::by_touch(Touch::DoubleTap, self.draws());
        if is_double == Some(true) && !self.draws() && hand == Some(Hand::Reset) {
            self.deed(Deed::Reset);
        }
    }

    pub fn cancel(self) {
        strokes::cancel(self.state);
        self.held.set_value(Held::default());
    }

    pub fn double_click(self) {
        let draws = self.draws();
        if !draws && bindings::by_mouse(Mouse::DoubleClick, draws) == Some(Hand::Reset) {
            self.deed(Deed::Reset);
        }
    }

    /// The pointer is no longer over a pixel of its own.
    pub fn leave(self) {
        let hover = self.state.pixels.hover;
        if hover.with_untracked(Option::is_some) {
            hover.set(None);
        }
    }

    fn draws(self) -> bool {
        self.viewing.pencil.tool.get_untracked() != Tool::None
    }

    /// Takes the stroke to the pixel under the pointer.
    fn draw(self, event: &PointerEvent, hand: Hand, begins: bool) {
        if let Some((cut, at)) = self.under(event) {
            let pencil = self.viewing.pencil;
            let class = if hand == Hand::Erase { 0 } else { pencil.paints() };
            strokes::draw(self.state, pencil, &cut, at, class, begins);
        }
        self.hover(event);
    }

    fn deed(self, deed: Deed) {
        deed.run(self.state, self.viewing, self.port);
    }

    fn drag_window(self, change: Change) {
        let [dx, dy] = change.by;
        self.state.view.window.update(|window| {
            let unit = window.width * WINDOW_PER_PIXEL;
            *window = Window::new(window.level + dy * unit, window.width + dx * unit).rounded();
        });
    }

    fn drag_picture(self, change: Change) {
        let ratio = window().device_pixel_ratio() as f32;
        let size = self.port.size.get_untracked();
        let share = [0, 1].map(|axis| change.by[axis] * ratio / size[axis].max(1) as f32);
        let zoom = self.port.zoom(self.viewing);
        zoom.update(|zoom| *zoom = zoom.moved(share));
    }

    /// The point at `at` stays where it is.
    fn magnify(self, by: f32, event: &MouseEvent, at: [f64; 2]) {
        let Some(frame) = stage(event).map(|stage| stage.get_bounding_client_rect()) else {
            return;
        };
        let share = [
            (at[0] - frame.left()) / frame.width().max(1.0) - 0.5,
            (at[1] - frame.top()) / frame.height().max(1.0) - 0.5,
        ];
        let zoom = self.port.zoom(self.viewing);
        zoom.update(|zoom| *zoom = zoom.about(by, share.map(|share| share as f32)));
    }

    /// Says which voxel lies under a pointer without a button; a finger does not hover.
    fn hover(self, event: &PointerEvent) {
        if is_finger(event) || (event.buttons() != 0 && !self.draws()) {
            return;
        }
        let under = self.under(event).and_then(|(cut, [x, y])| {
            let inside = (0..cut.columns as i32).contains(&x) && (0..cut.rows as i32).contains(&y);
            inside.then(|| cut.plane.voxel(x as usize, y as usize, cut.index))
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
        let mut cursor = self.state.view.cursor.get_untracked();
        cursor[across] = x.clamp(0, cut.columns as i32 - 1) as usize;
        cursor[down] = y.clamp(0, cut.rows as i32 - 1) as usize;
        // A pointer moves many times within a voxel.
        if cursor != self.state.view.cursor.get_untracked() {
            self.state.view.cursor.set(cursor);
        }
    }

    /// The picture's cut, and column and row under the pointer, which may lie beyond it.
    fn under(self, event: &MouseEvent) -> Option<(Arc<Cut>, [i32; 2])> {
        let frame = stage(event)?.get_bounding_client_rect();
        let ratio = window().device_pixel_ratio();
        let [x, y] = place(event);
        let at = [x - frame.left(), y - frame.top()];
        self.port.look.with_untracked(|look| {
            let look = look.as_ref()?;
            let zoom = self.port.zoom(self.viewing).get_untracked();
            let fit = look.fit(self.port.size.get_untracked(), zoom);
            let voxel = fit.voxel(at.map(|pixels| (pixels * ratio) as f32));
            Some((Arc::clone(&look.shown.cut), voxel))
        })
    }
}

fn place(event: &MouseEvent) -> [f64; 2] {
    [f64::from(event.client_x()), f64::from(event.client_y())]
}

fn stage(event: &MouseEvent) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

fn is_finger(event: &PointerEvent) -> bool {
    event.pointer_type() == "touch"
}

/// A key may put other stages in the place of the one that has the focus: then the chosen one takes it over.
fn keep_focus() {
    request_animation_frame(|| {
        let page = document();
        let is_lost = page
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        let chosen = page.query_selector(".stage--chosen").ok().flatten();
        if let Some(stage) = chosen
            .filter(|_| is_lost)
            .and_then(|stage| stage.dyn_into::<HtmlElement>().ok())
        {
            // A stage can be focused.
            let _ = stage.focus();
        }
    });
}
