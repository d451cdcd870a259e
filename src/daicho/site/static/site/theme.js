// The theme is set before the page is painted: "auto" follows the machine.
document.documentElement.dataset.theme = localStorage.getItem("daicho-theme") || "auto";
