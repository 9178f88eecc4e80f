//! A chart that follows the history, the theme and its box.

mod data;
pub mod palette;
mod uplot;

use leptos::html::Div;
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::prelude::*;
use web_sys::ResizeObserver;

use super::chart::data::Columns;
use super::chart::palette::{Paint, Theme};
use super::chart::uplot::{UPlot, set_hook, value};
use crate::lab::{History, Series};

/// Height of a chart in CSS pixels.
const HEIGHT: u32 = 232;

/// How one curve is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    pub series: Series,
    pub paint: Paint,
    pub width_px: f32,
    pub dashed: bool,
    pub shown: bool,
}

/// What decides the look of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    pub curves: Vec<Curve>,
    pub log: bool,
    /// The ends of the vertical axis, where they do not follow the values.
    pub range: Option<[f64; 2]>,
}

/// Everything that has to be released.
struct Live {
    plot: UPlot,
    columns: Columns,
    _pointed: Closure<dyn Fn(UPlot)>,
}

impl Drop for Live {
    fn drop(&mut self) {
        self.plot.destroy();
    }
}

#[component]
pub fn Chart(
    /// What the chart shows, in words.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] style: Signal<Style>,
    history: RwSignal<History>,
    /// The step under the pointer.
    pointed: RwSignal<Option<u64>>,
) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    let live = StoredValue::new_local(None::<Live>);
    let width = RwSignal::new(0_u32);
    let theme = palette::theme();
    watch_width(node, width);

    // A new look needs a new plot.
    Effect::new(move || {
        let (style, theme) = (style.get(), theme.get());
        let Some(node) = node.get().filter(|_| width.get() > 0) else {
            return;
        };
        live.set_value(None);
        let mut columns = Columns::new(style.curves.iter().map(|curve| curve.series).collect(), style.log);
        history.with_untracked(|history| columns.follow(history));
        let options = options(&style, &theme, width.get_untracked());
        let hook = Closure::<dyn Fn(UPlot)>::new(move |plot: UPlot| {
            let step = plot.cursor_index().map(|index| index as u64);
            if pointed.try_get_untracked() != Some(step) {
                pointed.try_set(step);
            }
        });
        set_hook(&options, "setCursor", hook.as_ref().unchecked_ref());
        // Without the library there is no picture; the table below has every number.
        if let Ok(plot) = UPlot::new(&options, &columns.to_js(), &node) {
            live.set_value(Some(Live {
                plot,
                columns,
                _pointed: hook,
            }));
        }
    });
    // The history grows at most once a frame.
    Effect::new(move || {
        history.with(|history| {
            live.update_value(|live| {
                if let Some(Live { plot, columns, .. }) = live {
                    columns.follow(history);
                    plot.set_data(&columns.to_js(), true);
                }
            });
        });
    });
    on_cleanup(move || {
        live.try_update_value(|live| drop(live.take()));
    });
    let empty =
        Memo::new(move |_| history.with(|history| history.train.is_empty() && history.validation.is_empty()));
    view! {
        <div class="chart">
            <div class="chart__plot" role="img" aria-label=name node_ref=node></div>
            <p class="chart__empty" hidden=move || !empty.get()>"The curves begin with the first step."</p>
        </div>
    }
}

fn watch_width(node: NodeRef<Div>, width: RwSignal<u32>) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn Fn()>)>);
    Effect::new(move || {
        let Some(node) = node.get() else { return };
        let resized = Closure::<dyn Fn()>::new({
            let node = node.clone();
            move || {
                let now = node.client_width().max(0) as u32;
                if width.try_get_untracked().is_some_and(|width| width != now) {
                    width.set(now);
                }
            }
        });
        if let Ok(watch) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            watch.observe(&node);
            observer.set_value(Some((watch, resized)));
        }
    });
    on_cleanup(move || {
        observer.try_update_value(|observer| {
            if let Some((watch, _)) = observer.take() {
                watch.disconnect();
            }
        });
    });
}

fn options(style: &Style, theme: &Theme, width: u32) -> JsValue {
    let font = "12px system-ui, sans-serif";
    let lines = json!({ "stroke": theme.line, "width": 1 });
    let ticks = json!({ "stroke": theme.line, "width": 1, "size": 4 });
    let axis = |size: u32, label: &str| {
        let mut axis = json!({
            "stroke": theme.ink_soft, "font": font, "grid": lines, "ticks": ticks, "size": size,
        });
        if !label.is_empty() {
            axis["label"] = json!(label);
            axis["labelFont"] = json!(font);
            axis["labelSize"] = json!(18);
        }
        axis
    };
    let mut vertical = json!({ "distr": if style.log { 3 } else { 1 } });
    if let Some(range) = style.range {
        vertical["range"] = json!(range);
    }
    let mut series = vec![json!({})];
    series.extend(style.curves.iter().map(|curve| {
        json!({
            "stroke": theme.css(curve.paint),
            "width": curve.width_px,
            "dash": if curve.dashed { json!([6, 4]) } else { json!([]) },
            "spanGaps": true,
            "show": curve.shown,
            "points": { "show": curve.dashed || curve.series_is_sparse(), "size": 4 },
        })
    }));
    value(&json!({
        "width": width,
        "height": HEIGHT,
        "legend": { "show": false },
        "cursor": { "y": false, "points": { "size": 6 }, "drag": { "setScale": true, "x": true, "y": false } },
        "scales": { "x": { "time": false }, "y": vertical },
        "axes": [axis(30, "step"), axis(48, "")],
        "series": series,
        "padding": [10, 12, 0, 0],
    }))
}

impl Curve {
    /// Whether only validations add to it.
    fn series_is_sparse(&self) -> bool {
        matches!(self.series, Series::ClassDice(_) | Series::MeanDice)
    }
}
