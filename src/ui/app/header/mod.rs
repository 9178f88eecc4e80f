//! Name, purpose, and what the page promises.

mod projector;
mod theme;

use leptos::prelude::*;
use projector::ProjectorChoice;
use theme::ThemeChoice;

use crate::ui::panels::benchmark::BenchmarkButton;
use crate::ui::panels::check::CheckButton;

#[component]
pub fn Header(#[prop(into)] adapter: Signal<String>) -> impl IntoView {
    view! {
        <header class="header">
            <div class="header__name">
                <h1>"Contour Lab"</h1>
                <p>"See which pixels a contour-weighted loss cares about, then watch a network learn from it."</p>
            </div>
            <div class="header__facts">
                <p class="promise" title="The page's security policy forbids any connection but to the place it came from.">
                    "Everything stays on this machine"
                </p>
                <p class="adapter" aria-label="Graphics adapter">{adapter}</p>
            </div>
            <div class="header__checks"><CheckButton/><BenchmarkButton/></div>
            <div class="header__looks"><ThemeChoice/><ProjectorChoice/></div>
        </header>
    }
}
