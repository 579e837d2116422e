namespace TsVlm.Cli.Display;

/// <summary>
/// Says on standard error what is worked on, and for how long, where that takes more than a moment: a line that replaces itself on a
/// terminal, and elsewhere a new line now and then.
/// </summary>
internal sealed class WorkProgress : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private readonly Lock writing = new();
    private readonly TextWriter output;
    private readonly TimeProvider clock;
    private readonly bool isTerminal;
    private readonly long started;
    private readonly ITimer timer;
    private string text = "";
    private int width;
    private bool isDisposed;

    /// <param name="output">Where the lines go.</param>
    /// <param name="clock">Says when it is time for the next.</param>
    /// <param name="isTerminal">Whether a line can replace the one before.</param>
    public WorkProgress(TextWriter output, TimeProvider clock, bool isTerminal)
    {
        this.output = output;
        this.clock = clock;
        this.isTerminal = isTerminal;
        started = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Write(), null, Quiet, TimeSpan.FromSeconds(isTerminal ? 0.5 : 10));
    }

    /// <summary>Of this process's standard error.</summary>
    public static WorkProgress OnError() => new(Console.Error, TimeProvider.System, !Console.IsErrorRedirected);

    /// <summary>What is worked on now.</summary>
    public void Report(string text)
    {
        lock (writing) this.text = text;
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        timer.Dispose();
        lock (writing)
        {
            if (isTerminal && width > 0) output.Write($"\r{new string(' ', width)}\r");
            width = 0;
            isDisposed = true;
        }
    }

    private void Write()
    {
        lock (writing)
        {
            if (text.Length == 0 || isDisposed) return;
            var line = $"{text} · {clock.GetElapsedTime(started):h\\:mm\\:ss}";
            if (isTerminal) output.Write($"\r{line.PadRight(width)}");
            else output.WriteLine(line);
            output.Flush();
            width = line.Length;
        }
    }
}
