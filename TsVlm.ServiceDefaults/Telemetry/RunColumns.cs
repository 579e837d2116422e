using OpenTelemetry;
using OpenTelemetry.Logs;

namespace TsVlm.ServiceDefaults.Telemetry;

/// <summary>
/// Puts run, stage and attempt in front of the text of every log entry that a stage writes, as in "RUN | Training | 2 | Training is tried
/// again". They remain properties of the entry; the Aspire dashboard, whose columns are fixed, shows them in its Message column.
/// </summary>
internal sealed class RunColumns : BaseProcessor<LogRecord>
{
    private const string Separator = " | ";
    private static readonly string[] Columns = ["RunId", "Stage", "Attempt"];

    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        var values = new object?[Columns.Length];
        data.ForEachScope(static (scope, found) =>
        {
            foreach (var (name, value) in scope)
                if (Array.IndexOf(Columns, name) is var column and >= 0) found[column] = value;
        }, values);
        if (values.Any(value => value is null)) return;
        var text = data.FormattedMessage ?? "";
        var run = $"Run {values[0]}: ";   // what the same text says on a console
        if (text.StartsWith(run, StringComparison.Ordinal)) text = text[run.Length..];
        data.FormattedMessage = string.Join(Separator, [.. values, text]);
    }
}
