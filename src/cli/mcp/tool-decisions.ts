/** What an agent may put into one argument of a tool. */
export type ArgumentRule =
  /** Whatever the tool's own schema says. */
  | 'any'
  /** An element of the last snapshot, `e12` or `f1e3`: a selector would let one guess hidden text bit by bit. */
  | 'element'
  /** An address of the web, or of this application: no `javascript:`, no `file:`, no page of the browser's own. */
  | 'address'
  /** A key, without those that copy, cut and paste: a part of a text is no longer known for what it is. */
  | 'key'
  /** A mouse button, without the middle one: on Linux it pastes what is marked, which may be a part of a text. */
  | 'button'
  /** Fields of a form, each with an `element`. */
  | 'fields';

export interface OfferedTool {
  readonly offered: true;
  /** Those that are not here are taken out of its schema, and refused. */
  readonly takes: Readonly<Record<string, ArgumentRule>>;
}

export interface WithheldTool {
  readonly offered: false;
  readonly why: string;
}

const offer = (takes: OfferedTool['takes'] = {}): OfferedTool => ({ offered: true, takes });
const withhold = (why: string): WithheldTool => ({ offered: false, why });

const readsStorage = 'It reads cookies or storage.';
const writesStorage = 'It could put a session of another making in the place of this one.';
const runsCode = 'Its code reaches storage, and can write it so that nothing known is found in the answer.';
const seesRequests = 'Headers and bodies hold cookies and tokens, also ones that were made a moment ago.';
const changesRequests = "It can put a script of one's own into a page of the application.";
const guessesText = 'It answers yes or no to a part of a text: enough to guess one that is redacted.';
const writesFile = 'It writes a file, past the redaction of answers.';
const forPeople = 'It is for a person at the window, or for writing tests.';

/**
 * Each tool of Playwright's MCP server, decided. One that is not here is not offered: a newer Playwright may bring
 * it. The arguments that write answers to files (`filename`) are left out throughout.
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
  // Without files it takes the chooser away, which nothing else does. With them it could show the local credentials.
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
  browser_wait_for: offer({ time: 'any' }), // waiting for a text would tell whether it is there

  browser_take_screenshot: withhold('Its file stays; ours takes its place.'),
  browser_close: withhold('Ours takes its place.'),
  browser_evaluate: withhold(runsCode),
  browser_run_code_unsafe: withhold(runsCode),
  browser_find: withhold(guessesText),
  browser_generate_locator: withhold(forPeople),
  browser_drop: withhold('It could show a file of the project to a page, the local credentials among them.'),
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
  browser_get_config: withhold('It tells how the browser was started; nobody needs that to use a page.'),
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
  browser_mouse_move_xy: withhold('It marks a part of a text, which is no longer known for what it is.'),
  browser_mouse_click_xy: withhold('It goes by what a screenshot shows; elements of a snapshot are surer.'),
  browser_mouse_drag_xy: withhold('It marks a part of a text, which is no longer known for what it is.'),
  browser_mouse_down: withhold('It marks a part of a text, which is no longer known for what it is.'),
  browser_mouse_up: withhold('It marks a part of a text, which is no longer known for what it is.'),
  browser_mouse_wheel: withhold('It goes by what a screenshot shows; elements of a snapshot are surer.'),
  browser_verify_element_visible: withhold(guessesText),
  browser_verify_text_visible: withhold(guessesText),
  browser_verify_list_visible: withhold(guessesText),
  browser_verify_value: withhold(guessesText),
};
