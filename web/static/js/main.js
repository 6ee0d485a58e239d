import * as board from "./board.js";
import * as book from "./book.js";
import * as chat from "./chat.js";
import * as live from "./live.js";
import * as talk from "./talk.js";
import * as tip from "./tip.js";

document.documentElement.classList.add("js");
board.start(chat.toCard);
book.start(chat.gone);
chat.start();
live.start();
tip.start();
talk.start();
