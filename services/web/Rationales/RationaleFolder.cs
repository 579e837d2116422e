using TsVlm.Data;
using TsVlm.Representations.Rationales;

namespace TsVlm.Web.Rationales;

/// <summary>The files of rationales in a folder of this machine.</summary>
/// <param name="path">The folder.</param>
internal sealed class RationaleFolder(string path)
{
    private const int MaxFiles = 200;
    private const string Pattern = "*.csv";
    private static readonly string[] Columns = ["dataset", "case", "class", "rationale", "accepted"];

    /// <summary>Names of the files whose header is that of rationales, sorted; at most 200.</summary>
    public IReadOnlyList<string> Names => !Directory.Exists(path) ? [] :
        [.. Directory.EnumerateFiles(path, Pattern).Order(StringComparer.Ordinal).Where(HasHeader).Take(MaxFiles).Select(file => Path.GetFileName(file))];

    /// <summary>Opens one of the files.</summary>
    /// <exception cref="DataException">There is none of that name in the folder, or a line of it is no rationale.</exception>
    public EditedRationales Open(string name) => Names.Contains(name) ? new(Path.Combine(path, name))
        : throw new DataException($"{path}: expected a file of rationales named {string.Join(", ", Names.DefaultIfEmpty("…"))}, found '{name}'. "
            + "tsvlm rationales --to FILE writes one.");

    private static bool HasHeader(string file)
    {
        try
        {
            using var lines = new StreamReader(file);
            var start = new char[200];
            var header = new string(start, 0, lines.ReadBlock(start)).Split('\n')[0].Trim();
            return Columns.All(CsvRecord.Cells(header).Select(cell => cell.Trim()).Contains);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

/// <summary>
/// A file of rationales while people accept, edit and reject its lines. Each change is written at once, whole or not at all, in the form
/// that the file had; a file that another program changed meanwhile is left as it is.
/// </summary>
internal sealed class EditedRationales
{
    /// <summary>Characters of a rationale at most.</summary>
    public const int MaxCharacters = 10_000;

    private readonly string path;
    private readonly bool isRaw;
    private readonly List<WrittenRationale> rationales;
    private string written;

    /// <exception cref="DataException">A line is no rationale.</exception>
    public EditedRationales(string path)
    {
        this.path = path;
        written = File.ReadAllText(path);
        var file = RationaleFile.Read(path);
        rationales = [.. file.Rationales];
        isRaw = written == file.Text && written != file.EscapedText;
    }

    // Two pages may change one file at the same time.
    private static Lock Writing { get; } = new();

    /// <summary>The rationales in the order of the file.</summary>
    public IReadOnlyList<WrittenRationale> Rationales => rationales;

    /// <summary>Changes a rationale.</summary>
    /// <param name="place">Its place in the file, from 0.</param>
    /// <param name="text">Its text; line breaks become blanks.</param>
    /// <param name="isAccepted">Whether it is to be learnt.</param>
    /// <exception cref="DataException">The text is too long, or missing though accepted, or the file was changed meanwhile.</exception>
    public void Change(int place, string text, bool isAccepted)
    {
        var (before, clean) = (rationales[place], RationaleTextOf(text));
        if (clean.Length > MaxCharacters)
            throw new DataException($"{before.Place}: expected at most {MaxCharacters} characters, found {clean.Length}. Shorten it.");
        if (isAccepted && clean.Length == 0)
            throw new DataException($"{before.Place}: expected a text to accept, found none. Write one, or reject the line.");
        lock (Writing) Write(place, before, before with { Text = clean, IsAccepted = isAccepted });
    }

    private void Write(int place, WrittenRationale before, WrittenRationale after)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != written)
            throw new DataException($"{Path.GetFileName(path)}: expected the file as it was read, found that another program changed it. Open it again.");
        rationales[place] = after;
        try
        {
            var file = new RationaleFile(rationales);
            var changed = isRaw ? file.Text : file.EscapedText;
            File.WriteAllText(path + ".draft", changed);
            File.Move(path + ".draft", path, overwrite: true);
            written = changed;
        }
        catch
        {
            rationales[place] = before;
            throw;
        }
    }

    private static string RationaleTextOf(string text) => Representations.Text.RationaleText.Clean(text);
}
