//! What may be done where no adapter answers.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What of a graphics driver was seen on this machine.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Whether the Vulkan loader is there.
    pub has_loader: bool,
    /// Names of the files that tell the loader of drivers.
    pub drivers: Vec<String>,
    /// What the environment says instead of them.
    pub named: Option<String>,
    pub has_nvidia: bool,
    pub has_render_node: bool,
    /// Whether a card is there that this user may not open.
    pub is_forbidden: bool,
}

impl Seen {
    pub(super) fn look() -> Self {
        let exists = |path: &&str| Path::new(path).exists();
        let libraries = std::env::var("LD_LIBRARY_PATH").unwrap_or_default();
        let folders = LIBRARIES.iter().copied().chain(libraries.split(':'));
        let node = File::options().read(true).write(true).open(RENDER_NODE);
        let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];
        Self {
            has_loader: folders
                .map(|folder| format!("{folder}/libvulkan.so.1"))
                .any(|path| exists(&&*path)),
            drivers: DRIVERS.iter().flat_map(|folder| names(folder)).collect(),
            named: named
                .iter()
                .find_map(|name| std::env::var(name).ok())
                .filter(|text| !text.is_empty()),
            has_nvidia: exists(&"/dev/nvidiactl"),
            has_render_node: exists(&RENDER_NODE),
            is_forbidden: node.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied),
        }
    }
}

const LIBRARIES: [&str; 7] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/usr/local/lib",
    "/lib64",
    "/lib/x86_64-linux-gnu",
];
const DRIVERS: [&str; 3] = [
    "/usr/share/vulkan/icd.d",
    "/etc/vulkan/icd.d",
    "/usr/local/share/vulkan/icd.d",
];
const RENDER_NODE: &str = "/dev/dri/renderD128";

fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter_map(|path: PathBuf| Some(path.file_name()?.to_str()?.to_owned()))
        .collect()
}

/// The first thing to try, in words; `software`: to get the software adapter.
pub(super) fn remedy(seen: &Seen, software: bool) -> String {
    const LOADER: &str = "There is no Vulkan loader: install libvulkan1 (Debian, Ubuntu), vulkan-loader (Fedora) or \
        vulkan-icd-loader (Arch).";
    const NVIDIA: &str = "There is an NVIDIA card, but not the part of its driver that speaks Vulkan (nvidia_icd.json, \
        libGLX_nvidia.so.0). On a machine, install the driver with its graphics libraries (libnvidia-gl-…). In a \
        container, start it with NVIDIA_DRIVER_CAPABILITIES=all, and install libx11-6, libxext6 and libegl1, without \
        which the driver does not load.";
    const FORBIDDEN: &str = "There is a card that this user may not open: add the user to the group of \
        /dev/dri/renderD128 (usually render), and log in again.";
    const MESA: &str = "Install the Vulkan driver of the card: mesa-vulkan-drivers has those of AMD and Intel, \
        NVIDIA's package its own. `vulkaninfo --summary` (vulkan-tools) shows what answers.";
    const SOFTWARE: &str = "Install mesa-vulkan-drivers, which has the software adapter llvmpipe.";
    if !seen.has_loader && cfg!(target_os = "linux") {
        return LOADER.into();
    }
    if let Some(named) = &seen.named {
        return format!(
            "VK_DRIVER_FILES or VK_ICD_FILENAMES is set, so that only {named} is asked: name the driver that is \
             meant, or unset it."
        );
    }
    if software {
        return SOFTWARE.into();
    }
    let speaks = |name: &str| seen.drivers.iter().any(|driver| driver.contains(name));
    if seen.has_nvidia && !speaks("nvidia") {
        return NVIDIA.into();
    }
    if seen.is_forbidden {
        return FORBIDDEN.into();
    }
    let found = match (seen.has_nvidia, seen.has_render_node) {
        (false, false) => {
            "No card was found under /dev/dri or /dev/nvidia…: in a container, pass it through. "
        }
        _ => "",
    };
    format!("{found}{MESA}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_first_is_named() {
        let mut seen = Seen {
            has_nvidia: true,
            ..Seen::default()
        };
        if cfg!(target_os = "linux") {
            assert!(remedy(&seen, false).contains("libvulkan1"));
        }
        seen.has_loader = true;
        assert!(remedy(&seen, false).contains("NVIDIA_DRIVER_CAPABILITIES"));
        assert!(remedy(&seen, true).contains("llvmpipe"));
        seen.drivers = vec!["nvidia_icd.json".into()];
        assert!(remedy(&seen, false).contains("vulkaninfo"));
        seen.is_forbidden = true;
        assert!(remedy(&seen, false).contains("group"));
        seen.named = Some("/nowhere.json".into());
        assert!(remedy(&seen, false).contains("/nowhere.json"));
        let nothing = Seen {
            has_loader: true,
            ..Seen::default()
        };
        assert!(remedy(&nothing, false).contains("No card was found"));
    }
}
