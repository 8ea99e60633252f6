/** Gives all these names the same policy. */
function each<Policy extends string>(policy: Policy, names: string): Record<string, Policy> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, policy]));
}

const identifiers = (names: string) => each('identifier', names);
const texts = (names: string) => each('text', names);

const step = {
  title: 'field',
  subtitle: 'field',
  params: 'field',
  location: 'location',
  error: 'error',
  annotations: 'annotation',
} as const;

/**
 * The shapes of Playwright 1.65.1's data: worker messages, reporter objects and trace lines. A member is the policy of a
 * field, or the name of the shape that it has.
 */
export const shapeTable = {
  location: { ...identifiers('file line column'), function: 'text' },
  annotation: { type: 'field', description: 'field', location: 'location' },
  error: {
    ...texts('message stack snippet errorContext name code'),
    value: 'field',
    cause: 'error',
    location: 'location',
    matcherResult: 'field',
  },
  attachment: {
    ...identifiers('testId stepId path'),
    name: 'text',
    contentType: 'field',
    body: 'base64',
  },

  'message:testBegin': identifiers('testId startWallTime'),
  'message:testEnd': {
    ...identifiers('testId duration status expectedStatus hasNonRetriableError timeout'),
    errors: 'error',
    annotations: 'annotation',
  },
  'message:stepBegin': { ...step, ...identifiers('testId stepId parentStepId category wallTime') },
  'message:stepEnd': {
    ...step,
    ...identifiers('testId stepId wallTime suggestedRebaseline'),
    suggestedRebaseline: 'text',
  },
  'message:attach': {
    ...identifiers('testId stepId path'),
    name: 'text',
    contentType: 'field',
    body: 'base64',
  },
  'message:stdOut': { text: 'text', buffer: 'base64' },
  'message:stdErr': { text: 'text', buffer: 'base64' },
  'message:testPaused': { testId: 'identifier', errors: 'error' },
  'message:testErrors': { testId: 'identifier', errors: 'error' },
  'message:teardownErrors': { fatalErrors: 'error' },
  'message:done': {
    fatalErrors: 'error',
    ...identifiers('skipTestsDueToSetupFailure fatalUnknownTestIds stoppedDueToUnhandledErrorInTestFail'),
  },

  config: {
    metadata: 'field',
    argv: 'text',
    webServer: 'server',
    projects: 'project',
    ...identifiers(`configFile rootDir failOnFlakyTests forbidOnly fullyParallel globalSetup globalTeardown globalTimeout
      grep grepInvert maxFailures preserveOutput filteredProjects quiet reporter reportSlowTests shard tags
      updateSnapshots updateSourceMethod version workers`),
  },
  project: {
    metadata: 'field',
    ...identifiers(`grep grepInvert outputDir repeatEach retries name testDir snapshotDir testIgnore testMatch timeout use
      dependencies ignoreSnapshots teardown __projectId`),
  },
  server: {
    ...texts('command url name'),
    env: 'field',
    ...identifiers(
      'cwd port wait timeout reuseExistingServer stdout stderr gracefulShutdown ignoreHTTPSErrors',
    ),
  },
  testCase: {
    title: 'field',
    annotations: 'annotation',
    ...identifiers(`results type expectedStatus timeout retries repeatEachIndex id location parent fn`),
  },
  result: {
    errors: 'error',
    error: 'error',
    stdout: 'text',
    stderr: 'text',
    attachments: 'attachment',
    steps: 'step',
    annotations: 'annotation',
    ...identifiers('retry parallelIndex workerIndex duration startTime status shardIndex'),
  },
  step: {
    ...step,
    steps: 'step',
    attachments: 'attachment',
    ...identifiers('parent category startTime duration titlePath'),
  },

  'trace:context-options': {
    ...identifiers(
      'version type origin browserName channel playwrightVersion platform wallTime monotonicTime',
    ),
    ...identifiers('sdkLanguage testIdAttributeName contextId testTimeout'),
    title: 'field',
    options: 'field',
    annotations: 'annotation',
  },
  'trace:before': {
    ...identifiers('type callId stepId parentId startTime class method group pageId beforeSnapshot'),
    ...step,
    stack: 'location',
  },
  'trace:after': {
    ...identifiers('type callId endTime afterSnapshot point'),
    result: 'field',
    error: 'error',
    attachments: 'tracedAttachment',
    annotations: 'annotation',
  },
  tracedAttachment: {
    ...identifiers('file path sha1'),
    name: 'text',
    contentType: 'field',
    base64: 'base64',
  },
  'trace:input': identifiers('type callId point inputSnapshot box'),
  'trace:log': { ...identifiers('type callId time'), message: 'text' },
  'trace:event': { ...identifiers('type time class method pageId'), params: 'field' },
  'trace:console': {
    ...identifiers('type messageType time pageId'),
    text: 'field',
    args: 'field',
    location: 'consolePlace',
  },
  consolePlace: { url: 'text', ...identifiers('lineNumber columnNumber line column') },
  'trace:error': { type: 'identifier', message: 'text', stack: 'location' },
  'trace:stdout': { ...identifiers('type timestamp'), text: 'text', base64: 'base64' },
  'trace:stderr': { ...identifiers('type timestamp'), text: 'text', base64: 'base64' },
  'trace:screencast-frame': identifiers('type pageId file sha1 width height timestamp frameSwapWallTime'),
  'trace:frame-snapshot': { type: 'identifier', snapshot: 'frameSnapshot' },
  frameSnapshot: {
    ...identifiers(
      'callId phase snapshotName pageId frameId viewport timestamp wallTime collectionTime isMainFrame',
    ),
    frameUrl: 'text',
    doctype: 'text',
    html: 'html',
    resourceOverrides: 'override',
  },
  override: { url: 'text', ...identifiers('sha1 file ref') },
  html: { __playwright_value_: 'field', '*': 'html' },
  'trace:resource-snapshot': { type: 'identifier', snapshot: 'harEntry' },
  harEntry: {
    ...identifiers(
      'pageref startedDateTime time cache timings _frameref _monotonicTime _resourceType _apiRequestRef',
    ),
    ...identifiers('_wasAborted _wasFulfilled _wasContinued _apiRequest _serviceWorkerRef connection'),
    request: 'harMessage',
    response: 'harMessage',
    ...texts('serverIPAddress _serverPort _securityDetails comment'),
    _webSocketMessages: 'field',
  },
  harMessage: {
    ...identifiers('method httpVersion headersSize bodySize status _transferSize'),
    ...texts('url cookies headers queryString statusText redirectURL _failureText comment'),
    postData: 'harBody',
    content: 'harBody',
  },
  harBody: {
    ...identifiers('size compression encoding _file _sha1'),
    ...texts('mimeType text comment'),
    params: 'field',
  },
} as const;
