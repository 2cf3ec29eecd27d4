import { missingScope } from '../../auth/missing-scope.ts';
import { maySeeAllPersonal, scopes } from '../../auth/viewer.ts';
import { toContact } from '../../catalog/personal/contacts-of.ts';
import { EventlineError } from '../../errors.ts';
import { isOneOf } from '../../storage/is-one-of.ts';
import { builder } from '../builder.ts';
import { UserConnection, UserEdge, UserNode, UserRef } from '../types/nodes.ts';
import { withExample } from '../with-example.ts';
import { withEdges } from './lists.ts';
import { visibilityOf } from './loaders.ts';
import { readList } from './nested-pages.ts';
import { PAGE_NOTE } from './page.ts';

builder.queryField('usersByContact', (t) =>
  t.connection(
    {
      type: UserRef,
      description: `The users with an e-mail address or a phone number, as a declared personal field of their events has it, ${PAGE_NOTE} It needs the scope \`${scopes.personal}\`. A GET is refused, since proxies log its address. Example: \`usersByContact(contact: "user@testcompany.com") { nodes { userId } }\`.`,
      args: {
        contact: t.arg.string({
          required: true,
          description: withExample(
            'The whole address, in any case, or the whole number with or without its country code (`+34…`, `0034…`, `34…`), with any separators. A number has 7 digits or more.',
            '+34 666 996 699',
          ),
        }),
      },
      async resolve(_, { contact: written, ...page }, context) {
        if (context.isInAddress) {
          throw new EventlineError(
            'BAD_USER_INPUT',
            'usersByContact: use POST. A GET has the contact in its address, which proxies log.',
          );
        }
        // Before anything is looked up, so that a refusal says nothing about who exists.
        if (!maySeeAllPersonal(context.viewer)) throw missingScope(scopes.personal);
        const { userIds } = visibilityOf(context);
        const contact = toContact(written);
        if (contact === undefined) {
          throw new EventlineError(
            'BAD_USER_INPUT',
            'contact: expected one whole e-mail address, or one phone number of 7 digits or more.',
          );
        }
        const query = {
          ...(userIds && { userId: isOneOf(userIds) }),
          contact: context.log.hashContact(contact),
        };
        await context.views.caughtUp();
        const users = await readList('userContacts', { query, page, context });
        return withEdges(users, ({ userId }) => new UserNode(userId));
      },
    },
    UserConnection,
    UserEdge,
  ),
);
