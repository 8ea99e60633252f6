import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseBooking, type BookingForm } from '../booking-form.js';
import { csrfCheckOf } from '../csrf-check.js';
import { formField } from '../form-field.js';
import { consultationsPage } from '../pages/consultations.js';
import { sendPage } from '../send-page.js';
import type { Site } from '../site.js';
import { memberOf, signedInOnly } from '../visitor.js';

/** List, book and cancel: each only one's own. */
export function addConsultationRoutes(app: FastifyInstance, site: Site): void {
  const signedIn = signedInOnly(site);
  const checkCsrf = csrfCheckOf(app);

  app.get('/consultations', { preHandler: signedIn }, (request, reply) => showList(request, reply));

  app.post('/consultations', { preHandler: [signedIn, checkCsrf] }, (request, reply) => {
    const { email } = memberOf(request, site).account;
    const booking = parseBooking(request.body, site.nowMs());
    if ('message' in booking) return showList(request, reply.code(422), booking);
    const { id } = site.consultations.book({ email, ...booking });
    return reply.redirect(`/consultations?booked=${id}`, 303);
  });

  app.post<{ Params: { id: string } }>(
    '/consultations/:id/cancel',
    { preHandler: [signedIn, checkCsrf] },
    (request, reply) => {
      const { email } = memberOf(request, site).account;
      if (!site.consultations.cancel(email, request.params.id)) {
        reply.callNotFound();
        return reply;
      }
      return reply.redirect(`/consultations?cancelled=${request.params.id}`, 303);
    },
  );

  function showList(request: FastifyRequest, reply: FastifyReply, refused?: BookingForm): FastifyReply {
    const { account } = memberOf(request, site);
    const consultations = site.consultations.of(account.email);
    const find = (name: string) => consultations.find(({ id }) => id === formField(request.query, name));
    const page = consultationsPage({
      consultations,
      nowMs: site.nowMs(),
      csrfToken: reply.generateCsrf(),
      booked: find('booked'),
      cancelled: find('cancelled'),
      refused,
    });
    return sendPage(request, reply, site, page);
  }
}
