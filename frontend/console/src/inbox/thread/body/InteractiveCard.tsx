import { IconCornerUpLeft, IconList } from '@tabler/icons-react';
import { useState } from 'react';
import type { Interactive } from '@parley/kit/api';
import { RichText } from './RichText';
import classes from './Body.module.css';

/** Buttons or a list as the customer sees them. */
export function InteractiveCard({ content }: { content: Interactive }) {
  return (
    <div className={classes.interactive}>
      {content.header && (
        <div className={classes.cardTitle} dir="auto">
          {content.header}
        </div>
      )}
      <RichText text={content.body} hasMarks />
      {content.footer && (
        <div className={classes.cardSmall} dir="auto">
          {content.footer}
        </div>
      )}
      {content.type === 'buttons' ? (
        content.buttons.map((button) => (
          <span key={button.id} className={classes.fakeButton} dir="auto">
            <IconCornerUpLeft size={15} stroke={1.8} aria-hidden />
            {button.title}
          </span>
        ))
      ) : (
        <Sections content={content} />
      )}
    </div>
  );
}

function Sections({ content }: { content: Extract<Interactive, { type: 'list' }> }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" className={classes.fakeButton} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <IconList size={15} stroke={1.8} aria-hidden />
        <bdi>{content.button}</bdi>
      </button>
      {isOpen &&
        content.sections.map((section, index) => (
          <div key={index} className={classes.section}>
            {section.title && (
              <div className={classes.cardSmall} dir="auto">
                {section.title}
              </div>
            )}
            {section.rows.map((row) => (
              <div key={row.id} className={classes.choiceRow} dir="auto">
                {row.title}
                {row.description && <span className={classes.cardSmall}>{row.description}</span>}
              </div>
            ))}
          </div>
        ))}
    </>
  );
}
