/** Link to the previous view, which may be the filtered stream; else to the stream. */
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
