using System.Text;

namespace TsVlm.Data;

/// <summary>A file of text that people write, as a whole.</summary>
public static class TextFile
{
    /// <summary>Reads a file in UTF-8, or in UTF-16 with a byte order mark.</summary>
    /// <exception cref="DataException">A byte is no text; the message names file and line.</exception>
    public static string Read(string path)
    {
        using var file = new StrictText(File.OpenRead(path));
        var (text, buffer) = (new StringBuilder(), new char[16 * 1024]);
        for (int count; (count = file.Read(buffer)) > 0;) text.Append(buffer.AsSpan(0, count));
        return file.Problem is { } problem
            ? throw new DataException($"{path}({1 + text.ToString().Count(c => c == '\n')}): {problem}")
            : text.ToString();
    }
}
