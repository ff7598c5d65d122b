import { IconAddressBook, IconBuilding, IconCircleCheck, IconForms, IconMapPin, IconPuzzle, IconShoppingBag, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  ChoiceContent,
  ContactsContent,
  FormContent,
  LocationContent,
  OrderContent,
  Referral,
  UnsupportedContent,
} from '@parley/kit/api';
import { price } from '@parley/kit/format';
import { useLocale } from '../../../app/i18n';
import classes from './Body.module.css';

type CardProps = { icon: Icon; label: string; title?: string | null | undefined; children?: ReactNode };

function Card({ icon: Sign, label, title, children }: CardProps) {
  return (
    <div className={classes.card}>
      <div className={classes.cardHead}>
        <Sign size={16} stroke={1.7} aria-hidden />
        {label}
      </div>
      {title && (
        <div className={classes.cardTitle} dir="auto">
          {title}
        </div>
      )}
      {children}
    </div>
  );
}

const Outward = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} target="_blank" rel="noopener noreferrer nofollow" className={classes.cardLink}>
    {children}
  </a>
);

const isWeb = (url: string | null | undefined): url is string => /^https?:\/\//i.test(url ?? '');

/** No map is loaded: the place would be told to somebody else before anybody wants it. */
export function LocationCard({ content }: { content: LocationContent }) {
  const { t } = useTranslation();
  const { latitude, longitude } = content;
  const there = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <Card icon={IconMapPin} label={t('kinds.location')} title={content.name}>
      {content.address && (
        <p className={classes.cardText} dir="auto">
          {content.address}
        </p>
      )}
      <p className={classes.cardSmall} dir="ltr">
        {latitude.toFixed(5)}, {longitude.toFixed(5)}
      </p>
      <Outward href={there}>{t('cards.openMap')}</Outward>
      {isWeb(content.url) && <Outward href={content.url}>{t('cards.openPage')}</Outward>}
    </Card>
  );
}

export function ContactCards({ content }: { content: ContactsContent }) {
  const { t } = useTranslation();
  return content.contacts.map((contact, index) => (
    <Card key={index} icon={IconAddressBook} label={t('kinds.contacts')} title={contact.name}>
      {contact.organization && (
        <p className={classes.cardText} dir="auto">
          <IconBuilding size={14} stroke={1.7} aria-hidden /> {contact.organization}
        </p>
      )}
      {contact.phones.map((phone) => (
        <p key={phone.phone} className={classes.cardText} dir="ltr">
          <a href={`tel:${phone.phone.replaceAll(' ', '')}`}>{phone.phone}</a>
        </p>
      ))}
      {contact.emails.map((email) => (
        <p key={email.email} className={classes.cardText} dir="ltr">
          <a href={`mailto:${email.email}`}>{email.email}</a>
        </p>
      ))}
    </Card>
  ));
}

export function ChoiceCard({ content }: { content: ChoiceContent }) {
  const { t } = useTranslation();
  return (
    <div className={classes.choice}>
      <span className={classes.cardHead}>
        <IconCircleCheck size={16} stroke={1.7} aria-hidden />
        {t(`cards.chose.${content.source}`)}
      </span>
      <span className={classes.cardTitle} dir="auto">
        {content.title}
      </span>
      {content.description && (
        <span className={classes.cardText} dir="auto">
          {content.description}
        </span>
      )}
    </div>
  );
}

function answerText(value: unknown): string {
  if (Array.isArray(value)) return value.map(answerText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function FormCard({ content }: { content: FormContent }) {
  const { t } = useTranslation();
  return (
    <Card icon={IconForms} label={t('kinds.form')} title={content.name}>
      <dl className={classes.answers}>
        {Object.entries(content.answers).map(([question, answer]) => (
          <div key={question}>
            <dt dir="auto">{question.replaceAll('_', ' ')}</dt>
            <dd dir="auto">{answerText(answer)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

export function OrderCard({ content }: { content: OrderContent }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const currency = content.items[0]?.currency ?? '';
  const isOneCurrency = content.items.every((item) => item.currency === currency);
  const total = content.items.reduce((sum, item) => sum + Number(item.price) * item.quantity, 0);
  return (
    <Card icon={IconShoppingBag} label={t('kinds.order')}>
      {content.text && (
        <p className={classes.cardText} dir="auto">
          {content.text}
        </p>
      )}
      <ul className={classes.order}>
        {content.items.map((item, index) => (
          <li key={index}>
            <span>{item.quantity} ×</span>
            <bdi>{item.product_id}</bdi>
            <span>{price(item.price, item.currency, locale)}</span>
          </li>
        ))}
      </ul>
      {isOneCurrency && currency && (
        <p className={classes.total}>
          <span>{t('cards.total')}</span>
          <span>{price(total, currency, locale)}</span>
        </p>
      )}
    </Card>
  );
}

export function UnsupportedCard({ content }: { content: UnsupportedContent | null }) {
  const { t } = useTranslation();
  return (
    <Card icon={IconPuzzle} label={t('kinds.unsupported')}>
      <p className={classes.cardText}>{t('cards.unsupported')}</p>
      {content?.title && (
        <p className={classes.cardSmall} dir="auto">
          {content.title}
          {content.details ? ` — ${content.details}` : ''}
        </p>
      )}
    </Card>
  );
}

export function ReferralCard({ referral, icon }: { referral: Referral; icon: Icon }) {
  const { t } = useTranslation();
  return (
    <Card icon={icon} label={t('cards.referral')} title={referral.headline}>
      {referral.body && (
        <p className={classes.cardText} dir="auto">
          {referral.body}
        </p>
      )}
      {isWeb(referral.source_url) && <Outward href={referral.source_url}>{t('cards.openAd')}</Outward>}
    </Card>
  );
}
