using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TsVlm.Cli.Display;
using TsVlm.Cli.Hosting;
using TsVlm.Data;

namespace TsVlm.EndToEnd.Tests;

public class CommandErrorsTests
{
    [Fact]
    public void Errors_for_people_are_shown_as_they_are_and_others_with_type_and_stack_trace()
    {
        Assert.Equal("a.ts(3): expected 2 values, found 1.",
            CommandErrors.Describe(new DataException("a.ts(3): expected 2 values, found 1.")));
        Assert.StartsWith("Unexpected OfThisProgram: a bug", CommandErrors.Describe(new OfThisProgram()));
    }

    [Fact]
    public void A_full_disk_is_told_with_the_file_and_what_to_do()
    {
        var error = new InvalidOperationException("not saved", new IOException("No space left on device : '/out/weights'", 28));
        var message = CommandErrors.Describe(error);
        Assert.Contains("'/out/weights'", message);
        Assert.Contains("Free some space", message);
        Assert.DoesNotContain("Unexpected", message);
    }

    [Fact]
    public void Control_characters_of_a_file_do_not_reach_the_terminal() =>
        Assert.Equal("found '\\u001b[31mred'\nnext\tline", CommandErrors.Printable("found '\u001b[31mred'\nnext\tline"));

    [Fact]
    public void Long_work_says_what_it_does_after_a_moment_and_takes_the_line_away()
    {
        var clock = new FakeTimeProvider();
        using var output = new StringWriter();
        var progress = new WorkProgress(output, clock, isTerminal: true);
        progress.Report("CBF: duplicates");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", output.ToString());
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("\rCBF: duplicates · 0:00:02", output.ToString());
        progress.Dispose();
        Assert.EndsWith("\r", output.ToString());
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(output.ToString().Split("duplicates")[1..]);
    }

    /// <summary>Ctrl-C while data sets are imported leaves the command by an exception.</summary>
    [Fact]
    public async Task A_system_is_stopped_however_the_command_ends()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var service = new Recording();
        builder.Services.AddSingleton<IHostedService>(service);
        using var host = builder.Build();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await using var system = await RunningSystem.Start(host, TestContext.Current.CancellationToken);
            Assert.False(service.IsStopped);
            throw new OperationCanceledException();
        });
        Assert.True(service.IsStopped);
    }

    private sealed class OfThisProgram() : Exception("a bug");

    private sealed class Recording : IHostedService
    {
        public bool IsStopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            IsStopped = true;
            return Task.CompletedTask;
        }
    }
}
