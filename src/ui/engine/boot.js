// Starts the application's code in this worker, where it finds no page and listens to one instead.
onmessage = async ({ data: { js, module } }) => {
  onmessage = null;
  const { default: init } = await import(js);
  await init({ module_or_path: module });
};
