/** To where one came from, which may be the stream with its filters; the stream itself if nowhere. */
export function BackLink() {
  return (
    <button
      type="button"
      className="quiet back"
      onClick={() => {
        if (history.length > 1) history.back();
        else location.hash = '#/';
      }}
    >
      ← Back
    </button>
  );
}
