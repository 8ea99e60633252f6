/** The expression in a flow: `credentials.password`. */
export function formatCredential(parameter: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(parameter)
    ? `credentials.${parameter}`
    : `credentials[${JSON.stringify(parameter)}]`;
}
