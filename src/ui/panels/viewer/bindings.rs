//! What hands do on the picture, as one table: the handlers look gestures and keys up in it, and the help lists it.

use crate::nifti::Plane;
use crate::ui::store::Tool;

/// What moves, or is drawn, while a pointer or a wheel does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Slice,
    Crosshair,
    Window,
    Zoom,
    Pan,
    Reset,
    /// The brush with the tool in hand.
    Draw,
    /// The brush as an eraser.
    Erase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    Wheel,
    CtrlWheel,
    /// With the button of that number, as pointer events count them; a pen's tip is 0 and its barrel 2.
    Drag(i16),
    DoubleClick,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    Drag(usize),
    Pinch,
    DoubleTap,
}

/// What a key does, once for each stroke. A sign is a direction on the screen or along the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Turn(isize),
    /// Columns to the right, rows downwards.
    Step([isize; 2]),
    Zoom(i32),
    Pan([i32; 2]),
    Level(i32),
    Width(i32),
    Reset,
    Show(Plane),
    AllThree,
    Smooth,
    Crosshair,
    Outline,
    Fill,
    Agreement,
    Compare,
    /// Between reference and prediction, where one of them is shown.
    Flip,
    Divider(i32),
    Tool(Tool),
    Brush(i32),
    /// Of the pen: the next one, or the one before.
    Class(i32),
    /// The brush once, under the crosshair.
    Dab,
    Undo,
    Redo,
    Help,
}

/// One thing that can be done, by every hand that can do it.
#[derive(Debug)]
pub struct Row {
    pub what: &'static str,
    pub hand: Option<Hand>,
    pub mouse: &'static [Mouse],
    pub touch: &'static [Touch],
    /// As [`chord`] spells them.
    pub keys: &'static [(&'static str, Deed)],
    /// Where it can be done without any of these.
    pub control: &'static str,
}

const KEYS_ONLY: Row = Row {
    what: "",
    hand: None,
    mouse: &[],
    touch: &[],
    keys: &[],
    control: "",
};

/// Rows by the question that they answer.
pub const GROUPS: &[(&str, &[Row])] = &[
    ("Where am I?", PLACE),
    ("How is it drawn?", LOOK),
    ("Is the prediction right?", COMPARE),
    (DRAWING, DRAW),
    ("Help", HELP),
];

/// The question whose gestures take the place of others while a tool is in hand.
const DRAWING: &str = "What if the label were wrong? (with Edit’s pen or eraser in hand)";

const PLACE: &[Row] = &[
    Row {
        what: "Change the slice",
        hand: Some(Hand::Slice),
        mouse: &[Mouse::Wheel],
        keys: &[("PageUp", Deed::Turn(1)), ("PageDown", Deed::Turn(-1))],
        control: "Slider “Slice”",
        ..KEYS_ONLY
    },
    Row {
        what: "Move the crosshair",
        hand: Some(Hand::Crosshair),
        mouse: &[Mouse::Drag(0)],
        touch: &[Touch::Drag(1)],
        keys: &[
            ("ArrowLeft", Deed::Step([-1, 0])),
            ("ArrowRight", Deed::Step([1, 0])),
            ("ArrowUp", Deed::Step([0, -1])),
            ("ArrowDown", Deed::Step([0, 1])),
        ],
        control: "Place: x, y, z",
    },
    Row {
        what: "Zoom",
        hand: Some(Hand::Zoom),
        mouse: &[Mouse::CtrlWheel],
        touch: &[Touch::Pinch],
        keys: &[("+", Deed::Zoom(1)), ("=", Deed::Zoom(1)), ("-", Deed::Zoom(-1))],
        control: "Place: Zoom",
    },
    Row {
        what: "Move the picture",
        hand: Some(Hand::Pan),
        mouse: &[Mouse::Drag(1)],
        touch: &[Touch::Drag(2)],
        keys: &[
            ("Shift+ArrowLeft", Deed::Pan([-1, 0])),
            ("Shift+ArrowRight", Deed::Pan([1, 0])),
            ("Shift+ArrowUp", Deed::Pan([0, -1])),
            ("Shift+ArrowDown", Deed::Pan([0, 1])),
        ],
        control: "Place: Move across, Move down",
    },
    Row {
        what: "Reset zoom, place and window",
        hand: Some(Hand::Reset),
        mouse: &[Mouse::DoubleClick],
        touch: &[Touch::DoubleTap],
        keys: &[("Home", Deed::Reset)],
        control: "Place: Reset",
    },
    Row {
        what: "Axial, coronal, sagittal",
        keys: &[
            ("1", Deed::Show(Plane::Axial)),
            ("2", Deed::Show(Plane::Coronal)),
            ("3", Deed::Show(Plane::Sagittal)),
        ],
        control: "Plane",
        ..KEYS_ONLY
    },
    Row {
        what: "All three planes, or one",
        keys: &[("4", Deed::AllThree)],
        control: "All three",
        ..KEYS_ONLY
    },
];

const LOOK: &[Row] = &[
    Row {
        what: "Window: across changes the width, down the level",
        hand: Some(Hand::Window),
        mouse: &[Mouse::Drag(2)],
        touch: &[Touch::Drag(3)],
        control: "Window: Level, Width",
        ..KEYS_ONLY
    },
    Row {
        what: "Level up, down",
        keys: &[("l", Deed::Level(1)), ("L", Deed::Level(-1))],
        control: "Window: Level",
        ..KEYS_ONLY
    },
    Row {
        what: "Width up, down",
        keys: &[("w", Deed::Width(1)), ("W", Deed::Width(-1))],
        control: "Window: Width",
        ..KEYS_ONLY
    },
    Row {
        what: "Crosshair on, off",
        keys: &[("x", Deed::Crosshair)],
        control: "Display: Crosshair",
        ..KEYS_ONLY
    },
    Row {
        what: "Smooth between voxels, or every voxel a box",
        keys: &[("i", Deed::Smooth)],
        control: "Display: Between voxels",
        ..KEYS_ONLY
    },
    Row {
        what: "Label fill on, off",
        keys: &[("f", Deed::Fill)],
        control: "Layers: Labels",
        ..KEYS_ONLY
    },
    Row {
        what: "Label outline on, off",
        keys: &[("o", Deed::Outline)],
        control: "Display: Outline",
        ..KEYS_ONLY
    },
];

const COMPARE: &[Row] = &[
    Row {
        what: "Over, swipe, flicker, side by side",
        keys: &[("p", Deed::Compare)],
        control: "Compare: Prediction",
        ..KEYS_ONLY
    },
    Row {
        what: "Show the other of reference and prediction",
        keys: &[("k", Deed::Flip)],
        control: "Compare: Show the other",
        ..KEYS_ONLY
    },
    Row {
        what: "Move the divider of the swipe",
        keys: &[("<", Deed::Divider(-1)), (">", Deed::Divider(1))],
        control: "Compare: Divider; drag it, or arrow keys on it",
        ..KEYS_ONLY
    },
    Row {
        what: "True and false positives and negatives on, off",
        keys: &[("a", Deed::Agreement)],
        control: "Compare: Map of true and false …",
        ..KEYS_ONLY
    },
];

const DRAW: &[Row] = &[
    Row {
        what: "Draw",
        hand: Some(Hand::Draw),
        mouse: &[Mouse::Drag(0)],
        touch: &[Touch::Drag(1)],
        keys: &[("Enter", Deed::Dab)],
        control: "Edit: Dab at the crosshair",
    },
    Row {
        what: "Erase with the other end of a pen",
        hand: Some(Hand::Erase),
        mouse: &[Mouse::Drag(5)],
        control: "Edit: Eraser",
        ..KEYS_ONLY
    },
    Row {
        what: "Pen, eraser, neither",
        keys: &[
            ("b", Deed::Tool(Tool::Pen)),
            ("e", Deed::Tool(Tool::Eraser)),
            ("Escape", Deed::Tool(Tool::None)),
        ],
        control: "Edit: Tool",
        ..KEYS_ONLY
    },
    Row {
        what: "Larger, smaller brush",
        keys: &[("s", Deed::Brush(1)), ("S", Deed::Brush(-1))],
        control: "Edit: Brush",
        ..KEYS_ONLY
    },
    Row {
        what: "Next class, class before",
        keys: &[("n", Deed::Class(1)), ("N", Deed::Class(-1))],
        control: "Edit: Class",
        ..KEYS_ONLY
    },
    Row {
        what: "Take back the last stroke on this slice",
        keys: &[("Ctrl+z", Deed::Undo)],
        control: "Edit: Undo",
        ..KEYS_ONLY
    },
    Row {
        what: "Bring it back",
        keys: &[("Ctrl+y", Deed::Redo), ("Ctrl+Shift+z", Deed::Redo)],
        control: "Edit: Redo",
        ..KEYS_ONLY
    },
];

const HELP: &[Row] = &[Row {
    what: "Show these gestures and keys",
    keys: &[("?", Deed::Help)],
    control: "Button “?”",
    ..KEYS_ONLY
}];

/// Rows that count, with a tool in hand or without; the first that fits is meant.
fn rows(draws: bool) -> impl Iterator<Item = &'static Row> {
    let others = GROUPS.iter().filter(|(question, _)| *question != DRAWING);
    let drawing = if draws { DRAW } else { &[] };
    drawing.iter().chain(others.flat_map(|(_, rows)| *rows))
}

pub fn by_mouse(mouse: Mouse, draws: bool) -> Option<Hand> {
    rows(draws).find(|row| row.mouse.contains(&mouse))?.hand
}

pub fn by_touch(touch: Touch, draws: bool) -> Option<Hand> {
    rows(draws).find(|row| row.touch.contains(&touch))?.hand
}

/// Keys mean the same with a tool in hand.
pub fn by_key(chord: &str) -> Option<Deed> {
    let mut keys = rows(true).flat_map(|row| row.keys);
    keys.find(|(key, _)| *key == chord).map(|(_, deed)| *deed)
}

/// How the table spells a key with what is held: Shift is named where it does not change the character.
pub fn chord(key: &str, ctrl: bool, shift: bool) -> String {
    let is_character = is_single(key);
    let key = if ctrl && is_character {
        key.to_lowercase()
    } else {
        key.into()
    };
    let held = |name: &'static str, is_held| if is_held { name } else { "" };
    format!(
        "{}{}{key}",
        held("Ctrl+", ctrl),
        held("Shift+", shift && (ctrl || !is_character))
    )
}

/// Whether a key is a single character, which speech input may type by mistake (WCAG 2.1.4).
pub fn is_single(chord: &str) -> bool {
    chord.chars().count() == 1
}

impl Mouse {
    pub fn words(self) -> &'static str {
        match self {
            Self::Wheel => "Wheel",
            Self::CtrlWheel => "Ctrl and wheel",
            Self::Drag(0) => "Drag (pen too)",
            Self::Drag(1) => "Middle drag",
            Self::Drag(5) => "Pen’s eraser",
            Self::Drag(_) => "Right drag (pen’s button)",
            Self::DoubleClick => "Double click",
        }
    }
}

impl Touch {
    pub fn words(self) -> &'static str {
        match self {
            Self::Drag(1) => "One finger",
            Self::Drag(2) => "Two fingers",
            Self::Drag(_) => "Three fingers",
            Self::Pinch => "Pinch",
            Self::DoubleTap => "Double tap",
        }
    }
}

/// A key as it stands on the keyboard.
pub fn key_words(chord: &str) -> String {
    const NAMES: [(&str, &str); 8] = [
        ("ArrowLeft", "←"),
        ("ArrowRight", "→"),
        ("ArrowUp", "↑"),
        ("ArrowDown", "↓"),
        ("PageUp", "Page Up"),
        ("PageDown", "Page Down"),
        ("-", "−"),
        ("Shift+", "Shift "),
    ];
    // Upper case by Shift, which the table does not name.
    let upper = is_single(chord) && chord.chars().any(char::is_uppercase);
    let text = if upper {
        format!("Shift {chord}")
    } else {
        chord.to_owned()
    };
    NAMES
        .iter()
        .fold(text, |text, (name, shown)| text.replace(name, shown))
        .replace("Ctrl+", "Ctrl ")
}
