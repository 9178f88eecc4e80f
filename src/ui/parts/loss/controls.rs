//! The loss's parameters: what its definition says of them decides their controls.

use leptos::prelude::*;

use crate::loss::{Choice, Domain, Parameter, Params, Value};
use crate::page::trim;
use crate::ui::parts::{Number, Segmented};

/// Controls of every parameter of the current loss: numbers in sight, the rest below.
#[component]
pub fn Controls(loss: RwSignal<Params>) -> impl IntoView {
    let kind = Memo::new(move |_| loss.with(Params::kind));
    let controls = move || {
        let parameters = kind.get().definition().parameters;
        let is_main = |parameter: &&Parameter| {
            matches!(parameter.domain, Domain::Number { .. }) && !parameter.key.starts_with("smooth")
        };
        let (main, more): (Vec<_>, Vec<_>) = parameters.iter().partition(is_main);
        let control = move |parameter| view! { <Control loss parameter/> };
        let more = (!more.is_empty()).then(|| {
            view! {
                <details class="aside">
                    <summary>"More choices"</summary>
                    <div class="controls">{more.into_iter().map(control).collect_view()}</div>
                </details>
            }
        });
        view! {
            <div class="controls">{main.into_iter().map(control).collect_view()}</div>
            {more}
        }
    };
    view! { {controls} }
}

/// The visible name: symbol first, where there is one.
pub fn label(parameter: &Parameter) -> String {
    if parameter.symbol.is_empty() {
        return parameter.name.into();
    }
    format!("{}, {}", parameter.symbol, parameter.name)
}

#[component]
fn Control(loss: RwSignal<Params>, parameter: &'static Parameter) -> impl IntoView {
    let key = parameter.key;
    // While the loss changes, its old controls are asked once more.
    let read = move || {
        loss.with(|loss| {
            let known = loss
                .definition()
                .parameters
                .iter()
                .any(|known| std::ptr::eq(known, parameter));
            known.then(|| loss.value(key))
        })
    };
    match &parameter.domain {
        Domain::Number {
            low,
            high,
            step,
            default,
            unit,
        } => {
            let value = Signal::derive(move || match read() {
                Some(Value::Number(number)) => number,
                _ => f64::NAN,
            });
            let powers = *low > 0.0 && high / low >= 1e4;
            let (low, high, step) = if powers {
                (low.log10(), high.log10(), 0.5)
            } else {
                (*low, high.min((5.0 * default).max(20.0 * step)), *step)
            };
            let set = move |value: f64| loss.update(|loss| loss.set(key, value));
            view! { <Number name=label(parameter) value set low high step unit powers/> }.into_any()
        }
        Domain::Word { options } => {
            let value = Memo::new(move |_| match read() {
                Some(Value::Word(word)) => options.iter().position(|option| option.key == word),
                _ => None,
            });
            view! { <Words parameter options value=value set=move |word: &'static str| loss.update(|loss| loss.set(key, word))/> }
                .into_any()
        }
        Domain::PerClass => {
            let value = Signal::derive(move || match read() {
                Some(Value::PerClass(values)) => values,
                _ => Vec::new(),
            });
            let set = move |values: Vec<f64>| loss.update(|loss| loss.set(key, values));
            view! { <PerClass parameter value set/> }.into_any()
        }
    }
}

/// Two short options side by side, else a menu; the chosen one's meaning below.
#[component]
fn Words(
    parameter: &'static Parameter,
    options: &'static [Choice],
    value: Memo<Option<usize>>,
    set: impl Fn(&'static str) + Clone + 'static,
) -> impl IntoView {
    let about = move || value.get().map_or("", |i| options[i].about);
    let short = options.len() == 2 && options.iter().map(|option| option.name.len()).sum::<usize>() < 32;
    let control = if short {
        let names = options
            .iter()
            .enumerate()
            .map(|(i, option)| (i, option.name))
            .collect();
        let set = move |i: usize| set(options[i].key);
        view! {
            <Segmented name=parameter.name options=names value=Signal::derive(move || value.get().unwrap_or(0)) set/>
        }
        .into_any()
    } else {
        let choose = move |event| {
            let chosen = event_target_value(&event);
            if let Some(option) = options.iter().find(|option| option.key == chosen) {
                set(option.key);
            }
        };
        let option = move |(i, option): (usize, &'static Choice)| {
            view! { <option value=option.key prop:selected=move || value.get() == Some(i)>{option.name}</option> }
        };
        view! {
            <label class="choice">
                <span>{parameter.name}</span>
                <select on:change=choose>{options.iter().enumerate().map(option).collect_view()}</select>
            </label>
        }
        .into_any()
    };
    view! { <div>{control}<p class="note">{about}</p></div> }
}

/// Numbers with commas between them, background first.
#[component]
fn PerClass(
    parameter: &'static Parameter,
    #[prop(into)] value: Signal<Vec<f64>>,
    set: impl Fn(Vec<f64>) + 'static,
) -> impl IntoView {
    let text = move || {
        let numbers = value.get();
        numbers
            .iter()
            .map(|number| trim(*number))
            .collect::<Vec<_>>()
            .join(", ")
    };
    // What is no number is said to be out of range, in the same place as the rest.
    let commit = move |event| {
        let typed = event_target_value(&event);
        let parts = typed
            .split([',', ';', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty());
        set(parts.map(|part| part.parse().unwrap_or(f64::NAN)).collect());
    };
    view! {
        <label class="choice">
            <span>{label(parameter)}</span>
            <input type="text" inputmode="decimal" placeholder="1, 1, 1, …" prop:value=text on:change=commit/>
        </label>
        <p class="note">{parameter.about}</p>
    }
}
