// Starts the application's code in this worker, where it finds no page and listens to one instead.
onmessage = ({ data: { js, module } }) => {
  onmessage = null;
  import(js)
    .then(({ default: init }) => init({ module_or_path: module }))
    // Out of the promise, so that the page hears of it.
    .catch((error) => setTimeout(() => { throw error; }));
};
