//! Where each number of the inspector comes from.

use leptos::prelude::*;

const ENTRIES: [(&str, &str); 12] = [
    (
        "Pixel",
        "Column and row on the grid that the network sees, counted from 0. Where the slice is larger than the grid, a grid pixel stands for several of the picture's; the reference is then that of the nearest.",
    ),
    (
        "Logit z",
        "What the network says of the class, before the softmax. No unit; only differences between classes matter.",
    ),
    (
        "Probability p",
        "The softmax of the logits: e to the power z, divided by the sum of that over all classes. From 0 to 1; all p of a pixel add up to 1.",
    ),
    ("True g", "1 for the class of the reference labels, else 0."),
    (
        "Contour C",
        "Whether the pixel is on the contour of the class, with the structuring element as chosen above.",
    ),
    (
        "Gradient ∂L/∂z",
        "By how much the loss grows with the logit, per unit of the logit. Descent goes against it: a bar to the left (below 0) raises the logit, a bar to the right lowers it. Where the head of the column names a power of ten, the numbers are to be multiplied by it.",
    ),
    (
        "Weight w",
        "From the loss's map of weights: the contour's for the contour-weighted losses, 1 for those that have none. Class weight a: that of the true class; 0 for one that takes no part.",
    ),
    (
        "Share",
        "What the pixel adds to the loss of the slice, in the unit of the loss. It can be below 0 where the loss can.",
    ),
    (
        "Cost",
        "The share times the number of pixels |Ω|. The mean of all costs is the loss, so the pixel can be compared with it; the pictures show the same number.",
    ),
    (
        "S with an index",
        "For losses that are ratios: the coefficient of p, g, their product or p², times |Ω|. A ratio divides sums over all pixels, and 1 minus the ratio is again such a sum over the ratio's denominator: S is the factor of this pixel's numbers in it, with β, λ and the number of ratios inside. The denominator is that of the whole slice.",
    ),
    (
        "Length",
        "The root of the sum of squares of a term's part of the gradient over the classes; parts add up, lengths do not.",
    ),
    (
        "The slice",
        "The loss is computed on this slice alone, as a batch of one. In training, sums over a batch may run over several slices.",
    ),
];

#[component]
pub fn Glossary() -> impl IntoView {
    let entry = |(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> };
    view! {
        <details class="aside inspector__glossary">
            <summary>"What the columns mean, and their units"</summary>
            <dl>{ENTRIES.map(entry).collect_view()}</dl>
        </details>
    }
}
