/** What an agent may pass in one argument of a tool. */
export type ArgumentRule =
  /** Anything that the tool's own schema allows. */
  | 'any'
  /** An element of the last snapshot, `e12` or `f1e3`: a selector would allow guessing hidden text step by step. */
  | 'element'
  /** A web URL, or a path of this application: no `javascript:`, no `file:`, no browser pages. */
  | 'address'
  /** A key, except to copy, cut and paste: a part of a text can no longer be recognized. */
  | 'key'
  /** A mouse button, except the middle one: on Linux it pastes the selection, which may be part of a text. */
  | 'button'
  /** Fields of a form, each with an `element`. */
  | 'fields';

export interface OfferedTool {
  readonly offered: true;
  /** Other arguments are removed from its schema, and rejected. */
  readonly takes: Readonly<Record<string, ArgumentRule>>;
}

export interface WithheldTool {
  readonly offered: false;
  readonly why: string;
}

const offer = (takes: OfferedTool['takes'] = {}): OfferedTool => ({ offered: true, takes });
const withhold = (why: string): WithheldTool => ({ offered: false, why });

const readsStorage = 'It reads cookies or storage.';
const writesStorage = 'It could replace this session by another one.';
const runsCode = 'Its code can read storage, and encode it so that redaction does not recognize it.';
const seesRequests = 'Headers and bodies contain cookies and tokens, also new ones.';
const changesRequests = 'It can inject a script into the application.';
const guessesText = 'It confirms parts of a text, which is enough to guess a redacted one.';
const writesFile = 'It writes a file, which bypasses redaction.';
const forPeople = 'It is for a person at the window, or for writing tests.';

/**
 * The decision for each tool of Playwright's MCP server. A tool not listed here, for example of a newer Playwright, is
 * not offered. Arguments that write answers to files (`filename`) are always left out.
 */
export const toolDecisions: Readonly<Record<string, OfferedTool | WithheldTool>> = {
  browser_navigate: offer({ url: 'address' }),
  browser_navigate_back: offer(),
  browser_tabs: offer({ action: 'any', index: 'any', url: 'address' }),
  browser_snapshot: offer({ target: 'element', depth: 'any', boxes: 'any' }),
  browser_click: offer({
    element: 'any',
    target: 'element',
    doubleClick: 'any',
    button: 'button',
    modifiers: 'any',
  }),
  browser_drag: offer({
    startElement: 'any',
    startTarget: 'element',
    endElement: 'any',
    endTarget: 'element',
  }),
  browser_hover: offer({ element: 'any', target: 'element' }),
  browser_select_option: offer({ element: 'any', target: 'element', values: 'any' }),
  browser_type: offer({ element: 'any', target: 'element', text: 'any', submit: 'any', slowly: 'any' }),
  browser_fill_form: offer({ fields: 'fields' }),
  browser_press_key: offer({ key: 'key' }),
  browser_handle_dialog: offer({ accept: 'any', promptText: 'any' }),
  // Without files, it closes the file chooser, which no other tool can do. With files, it could expose the local
  // credentials.
  browser_file_upload: offer(),
  browser_resize: offer({ width: 'any', height: 'any' }),
  browser_emulate_media: offer({
    colorScheme: 'any',
    reducedMotion: 'any',
    forcedColors: 'any',
    contrast: 'any',
    media: 'any',
  }),
  browser_console_messages: offer({ level: 'any', all: 'any' }),
  browser_wait_for: offer({ time: 'any' }), // waiting for a text would reveal whether it is there

  browser_take_screenshot: withhold('It leaves a file; our own tool replaces it.'),
  browser_close: withhold('Our own tool replaces it.'),
  browser_evaluate: withhold(runsCode),
  browser_run_code_unsafe: withhold(runsCode),
  browser_find: withhold(guessesText),
  browser_generate_locator: withhold(forPeople),
  browser_drop: withhold('It could give a page files of the project, including local credentials.'),
  browser_network_requests: withhold(seesRequests),
  browser_network_request: withhold(seesRequests),
  browser_network_state_set: withhold(changesRequests),
  browser_route: withhold(changesRequests),
  browser_route_list: withhold(changesRequests),
  browser_unroute: withhold(changesRequests),
  browser_cookie_list: withhold(readsStorage),
  browser_cookie_get: withhold(readsStorage),
  browser_cookie_set: withhold(writesStorage),
  browser_cookie_delete: withhold(writesStorage),
  browser_cookie_clear: withhold(writesStorage),
  browser_localstorage_list: withhold(readsStorage),
  browser_localstorage_get: withhold(readsStorage),
  browser_localstorage_set: withhold(writesStorage),
  browser_localstorage_delete: withhold(writesStorage),
  browser_localstorage_clear: withhold(writesStorage),
  browser_sessionstorage_list: withhold(readsStorage),
  browser_sessionstorage_get: withhold(readsStorage),
  browser_sessionstorage_set: withhold(writesStorage),
  browser_sessionstorage_delete: withhold(writesStorage),
  browser_sessionstorage_clear: withhold(writesStorage),
  browser_storage_state: withhold(readsStorage),
  browser_set_storage_state: withhold(writesStorage),
  browser_get_config: withhold('It shows how the browser was started, which no page needs.'),
  browser_start_tracing: withhold(writesFile),
  browser_stop_tracing: withhold(writesFile),
  browser_start_video: withhold(writesFile),
  browser_stop_video: withhold(writesFile),
  browser_video_chapter: withhold(writesFile),
  browser_video_show_actions: withhold(writesFile),
  browser_video_hide_actions: withhold(writesFile),
  browser_pdf_save: withhold(writesFile),
  browser_start_recording: withhold(forPeople),
  browser_stop_recording: withhold(forPeople),
  browser_resume: withhold(forPeople),
  browser_highlight: withhold(forPeople),
  browser_hide_highlight: withhold(forPeople),
  browser_annotate: withhold(forPeople),
  browser_mouse_move_xy: withhold('It selects part of a text, which redaction no longer recognizes.'),
  browser_mouse_click_xy: withhold('It depends on screenshots; elements of a snapshot are more reliable.'),
  browser_mouse_drag_xy: withhold('It selects part of a text, which redaction no longer recognizes.'),
  browser_mouse_down: withhold('It selects part of a text, which redaction no longer recognizes.'),
  browser_mouse_up: withhold('It selects part of a text, which redaction no longer recognizes.'),
  browser_mouse_wheel: withhold('It depends on screenshots; elements of a snapshot are more reliable.'),
  browser_verify_element_visible: withhold(guessesText),
  browser_verify_text_visible: withhold(guessesText),
  browser_verify_list_visible: withhold(guessesText),
  browser_verify_value: withhold(guessesText),
};
