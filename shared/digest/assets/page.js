"use strict";
{
const beside = document.getElementById("beside");
if (beside) {
try { beside.checked = localStorage.beside === "1"; } catch {}
beside.addEventListener("change", () => {
try { localStorage.beside = beside.checked ? "1" : "0"; } catch {}
});
}
for (const button of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
button.hidden = false;
button.addEventListener("click", () => {
navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent).then(() => {
button.textContent = button.dataset.done;
}, () => {});
});
}
for (const button of navigator.share ? document.querySelectorAll(".share") : []) {
button.hidden = false;
button.addEventListener("click", () => {
const paper = button.closest("article"), line = paper.querySelector(".summary .cell p:last-child");
navigator.share({
title: paper.querySelector("h1, h2").textContent,
text: line ? line.textContent : "",
url: new URL(button.dataset.page, location.href).href,
}).catch(() => {});
});
}
}
