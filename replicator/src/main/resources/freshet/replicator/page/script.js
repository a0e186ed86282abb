// Keeps the page up to date: replaces the sections that the server says have changed.
"use strict";
(() => {
  const RETRY_MILLIS = 10000;
  const LOOK_MILLIS = 5000;
  // The time on top is news every second.
  const SILENT_MILLIS = 30000;
  const FOCUSABLE = "a[href], [tabindex]";
  const live = document.getElementById("live");
  const announcement = document.getElementById("announcement");
  let lastNews = new Date();

  const say = (text, isStale) => {
    live.textContent = text;
    document.body.classList.toggle("stale", isStale);
  };

  // Whoever is reading or copying there is not interrupted; the next event brings all of it anew.
  const isInUse = (section) => {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && selection.containsNode(section, true);
  };

  const replace = (id, markup) => {
    const section = document.getElementById(id);
    if (section === null) {
      return;
    }
    const focused = [...section.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    const scrolled = [...section.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
    section.innerHTML = markup;
    section.querySelectorAll(".scroll").forEach((each, i) => {
      each.scrollLeft = scrolled[i] ?? 0;
    });
    if (focused >= 0) {
      section.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
    }
  };

  // Only a change of state is said aloud, not every figure.
  const announce = (before) => {
    const headline = document.querySelector("[data-state]");
    if (headline !== null && headline.dataset.state !== before) {
      announcement.textContent = headline.textContent;
    }
  };

  const waiting = new Map();
  const take = (event) => {
    lastNews = new Date();
    say("Live.", false);
    const before = document.querySelector("[data-state]")?.dataset.state;
    Object.entries(JSON.parse(event.data)).forEach(([id, markup]) => waiting.set(id, markup));
    for (const [id, markup] of waiting) {
      const section = document.getElementById(id);
      if (section === null || !isInUse(section)) {
        replace(id, markup);
        waiting.delete(id);
      }
    }
    announce(before);
  };

  const connect = () => {
    const events = new EventSource("status/events" + location.search);
    let heard = Date.now();
    let watch;
    const lost = () => {
      say("No news since " + lastNews.toISOString().replace(/\.\d+Z$/, "Z") + ".", true);
    };
    const again = (wait) => {
      events.close();
      clearInterval(watch);
      setTimeout(connect, wait);
    };
    // What is gone without a word, as after a laptop's sleep, raises no error.
    watch = setInterval(() => {
      if (Date.now() - heard > SILENT_MILLIS) {
        lost();
        again(0);
      }
    }, LOOK_MILLIS);
    events.onmessage = (event) => {
      heard = Date.now();
      take(event);
    };
    events.onerror = () => {
      lost();
      if (events.readyState === EventSource.CLOSED) {
        again(RETRY_MILLIS);
      }
    };
  };
  connect();
})();
