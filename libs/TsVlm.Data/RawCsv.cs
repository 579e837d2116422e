using System.Text;

namespace TsVlm.Data;

/// <summary>Turns CSV files of this program into raw ones, with texts as they are, for programs that read them.</summary>
public static class RawCsv
{
    private const int BufferLength = 16 * 1024;

    /// <summary>Turns a file into a raw one; readers see the old one or the new one.</summary>
    public static void Convert(string path)
    {
        var draft = path + ".draft";
        using (var input = new StreamReader(path))
        using (var output = new StreamWriter(draft))
        {
            var (buffer, records) = (new char[BufferLength], new Records());
            for (int count; (count = input.Read(buffer)) > 0;) output.Write(records.Next(buffer.AsSpan(0, count)));
            output.Write(records.Rest());
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Copies a file as a raw one, record by record: memory holds a record and a buffer. Both streams stay open.</summary>
    /// <param name="input">The file, UTF-8.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task Copy(Stream input, Stream output, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(input, leaveOpen: true);
        await using var writer = new StreamWriter(output, leaveOpen: true);
        var (buffer, records) = (new char[BufferLength], new Records());
        for (int count; (count = await reader.ReadAsync(buffer, cancellationToken)) > 0;)
            await writer.WriteAsync(records.Next(buffer.AsSpan(0, count)).AsMemory(), cancellationToken);
        await writer.WriteAsync(records.Rest().AsMemory(), cancellationToken);
    }

    /// <summary>The record that is not yet at its end.</summary>
    private sealed class Records
    {
        private readonly StringBuilder record = new();
        private bool isInside;

        /// <summary>Takes the next part of the file; gives the records that end in it, raw.</summary>
        public string Next(ReadOnlySpan<char> part)
        {
            var (raw, start) = (new StringBuilder(), 0);
            for (var i = 0; i < part.Length; i++)
            {
                if (part[i] == '"') isInside = !isInside;
                if (part[i] != '\n' || isInside) continue;
                record.Append(part[start..i]);
                raw.Append(Rest()).Append('\n');
                start = i + 1;
            }
            record.Append(part[start..]);
            return raw.ToString();
        }

        /// <summary>The record at the end of the file, raw; empty where a line end was the last character.</summary>
        public string Rest()
        {
            var raw = CsvRecord.AsRaw(record.ToString());
            record.Clear();
            return raw;
        }
    }
}
