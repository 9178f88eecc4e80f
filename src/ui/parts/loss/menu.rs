//! Which loss.

use leptos::prelude::*;

use crate::loss::{Family, Kind, Params};

/// All losses by family. A loss that was left keeps its values for when it is chosen again.
#[component]
pub fn Menu(
    loss: RwSignal<Params>,
    /// The visible label.
    #[prop(default = "Loss")]
    name: &'static str,
) -> impl IntoView {
    let left = StoredValue::new(Vec::<Params>::new());
    let kind = Memo::new(move |_| loss.with(Params::kind));
    let choose = move |event| {
        let chosen = event_target_value(&event);
        let Some(chosen) = Kind::ALL.iter().find(|kind| kind.definition().key == chosen) else {
            return;
        };
        let now = loss.get_untracked();
        let kept = left.try_update_value(|left| {
            left.retain(|params| params.kind() != now.kind());
            left.push(now);
            left.iter().find(|params| params.kind() == *chosen).cloned()
        });
        loss.set(kept.flatten().unwrap_or_else(|| Params::new(*chosen)));
    };
    let option = move |of: Kind| {
        let definition = of.definition();
        view! { <option value=definition.key prop:selected=move || kind.get() == of>{definition.name}</option> }
    };
    let family = move |family: Family| {
        let members = Kind::ALL
            .iter()
            .filter(move |kind| kind.definition().family == family);
        view! { <optgroup label=family.name()>{members.map(|kind| option(*kind)).collect_view()}</optgroup> }
    };
    view! {
        <label class="choice choice--main">
            <span>{name}</span>
            <select on:change=choose>{Family::ALL.map(family).collect_view()}</select>
        </label>
        <p class="note">{move || kind.get().definition().about}</p>
    }
}
