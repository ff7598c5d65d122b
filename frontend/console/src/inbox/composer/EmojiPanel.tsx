import { useTranslation } from 'react-i18next';
import classes from './Composer.module.css';

/** The few that are used in a shop's conversations. The system's own keyboard has all the others. */
const groups = {
  faces: '😀 😄 😁 😅 😂 🙂 😉 😊 😍 🥰 😘 😎 🤗 🤔 🤨 😐 🙄 😏 😴 😌 😕 🙁 😮 😳 🥺 😢 😭 😤 😡 🤯 🥳 🤝',
  hands: '👍 👎 👌 ✌️ 🤞 👏 🙌 🙏 💪 👋 🤙 ☝️ 👇 👉 👈 ✍️',
  hearts: '❤️ 🧡 💛 💚 💙 💜 🤍 💔 ✨ 🎉 🎁 🎂 🌟 🔥 💯 ☀️',
  work: '✅ ❌ ⚠️ ❗ ❓ 📦 🚚 📍 🕐 📅 📞 📧 📎 📝 🧾 💳 💶 🛒 🛍️ 🔧 🔑 🏠 🏷️ 👕 👗 👟 💍 📷 💻 📱 🔒 ⏳',
} as const;

export function EmojiPanel({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.emojis}>
      {Object.entries(groups).map(([name, emojis]) => (
        <section key={name} aria-label={t(`emoji.${name as keyof typeof groups}`)}>
          <h4>{t(`emoji.${name as keyof typeof groups}`)}</h4>
          <div>
            {emojis.split(' ').map((emoji) => (
              <button key={emoji} type="button" onClick={() => onPick(emoji)}>
                {emoji}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}
