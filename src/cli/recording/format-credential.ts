/** As a flow says it: `credentials.password`. */
export function formatCredential(parameter: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(parameter)
    ? `credentials.${parameter}`
    : `credentials[${JSON.stringify(parameter)}]`;
}
