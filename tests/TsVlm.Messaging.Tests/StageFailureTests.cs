using System.Runtime.InteropServices;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults.Hosting;

namespace TsVlm.Messaging.Tests;

/// <summary>What a service, its host and its consumer do when the work of a stage fails.</summary>
public sealed class StageFailureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_reported_as_a_failed_attempt_and_the_command_is_given_back_to_a_process_that_goes_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var service = await Service.Run(_ => FullDiskTests.WriteToFullDevice());
        Assert.Equal(Stage.Datagen, Assert.IsType<StageAttemptFailed>(service.Published).Stage);
        Assert.StartsWith("IOException: No space left on device", ((StageAttemptFailed)service.Published).Reason);
        Assert.True(service.WasGivenBack);
        Assert.False(service.EndedByItself);
        Assert.Equal(0, service.ExitCode);
    }

    [Fact]
    public async Task After_a_lost_GPU_the_command_is_given_back_and_the_process_ends_by_itself_with_exit_code_1()
    {
        var service = await Service.Run(_ => throw OfTorch("CUDA error: unspecified launch failure"));
        Assert.Equal("ExternalException: CUDA error: unspecified launch failure",
            Assert.IsType<StageAttemptFailed>(service.Published).Reason);
        Assert.True(service.WasGivenBack);
        Assert.True(service.EndedByItself);
        Assert.Equal(1, service.ExitCode);
    }

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB.")]
    [InlineData("CUDA error: out of memory")]
    public async Task A_GPU_whose_memory_is_too_small_fails_the_run_at_once_and_the_process_goes_on(string message)
    {
        var service = await Service.Run(_ => throw OfTorch(message));
        Assert.Equal($"ExternalException: {message}", Assert.IsType<RunFailed>(service.Published).Reason);
        Assert.False(service.WasGivenBack);
        Assert.False(service.EndedByItself);
        Assert.Equal(0, service.ExitCode);
    }

    [Fact]
    public async Task A_failure_of_a_process_that_ends_since_it_is_broken_gives_the_command_back_and_fails_no_run()
    {
        var service = await Service.Run(process =>
        {
            process.Report();
            throw new DirectoryNotFoundException("Could not find a part of the path of the work folder.");
        });
        Assert.Equal("nothing", service.Published);
        Assert.True(service.WasGivenBack);
        Assert.Equal(1, service.ExitCode);
    }

#pragma warning disable CA2201 // It is the very type that TorchSharp throws.
    private static ExternalException OfTorch(string message) => new(message);
#pragma warning restore CA2201

    /// <summary>A service as its Program.cs makes it, on the in-memory transport, whose queues give a command back as a fault.</summary>
    private sealed record Service(object Published, bool WasGivenBack, bool EndedByItself, int ExitCode)
    {
        public static async Task<Service> Run(Action<BrokenProcess> work)
        {
            var (heard, life) = (new Heard(), (IHostApplicationLifetime?)null);
            var running = ServiceHost.Run(["--urls=http://127.0.0.1:0"], service =>
            {
                var services = service.Builder.Services;
                service.Builder.Logging.ClearProviders();
                services.AddSingleton(work).AddSingleton(heard);
                services.AddInMemoryMessaging(1, bus => bus.AddConsumer<FailingConsumer>());
                services.AddPublishObserver(_ => heard);
                services.AddSingleton(new MessagingSettings { HasBroker = true, FirstWait = TimeSpan.FromMilliseconds(50) });
            }, app =>
            {
                life = app.Lifetime;
                app.Lifetime.ApplicationStarted.Register(() => _ = app.Services.GetRequiredService<IBus>().Publish(Command(), Stop));
            });
            var published = await heard.Outcome.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            var ended = await Task.WhenAny(running, Task.Delay(2000, Stop)) == running;
            life!.StopApplication();
            var exitCode = await running.WaitAsync(TimeSpan.FromSeconds(30), Stop);
            return new(published, heard.WasGivenBack, ended, exitCode);
        }

        private static GenerateSamples Command() =>
            new("run", new() { Dataset = new("CBF", new string('c', 64)), Split = new("official", 0), Seed = 0, Baseline = "1nn-ed" });
    }

    private sealed class FailingConsumer(StageConsumer stage, Action<BrokenProcess> work, BrokenProcess process, Heard heard)
        : IConsumer<GenerateSamples>
    {
        public async Task Consume(ConsumeContext<GenerateSamples> context)
        {
            try
            {
                await stage.Consume<GenerateSamples, SamplesGenerated>(context, Stage.Datagen,
                    new(ArtifactKind.Samples, new string('e', 64)), (_, _) =>
                {
                    work(process);
                    throw new InvalidOperationException("The work should have failed.");
                });
            }
            catch
            {
                heard.WasGivenBack = true;
                heard.Outcome.TrySetResult("nothing");
                throw;
            }
        }
    }

    /// <summary>What the services would hear: what has left, whether or not the process that ends still takes it itself.</summary>
    private sealed class Heard : IPublishObserver
    {
        public TaskCompletionSource<object> Outcome { get; } = new();

        /// <summary>Whether the command was thrown back at its queue.</summary>
        public bool WasGivenBack { get; set; }

        public Task PrePublish<T>(PublishContext<T> context) where T : class => Task.CompletedTask;

        public Task PostPublish<T>(PublishContext<T> context) where T : class
        {
            if (context.Message is StageAttemptFailed or RunFailed) Outcome.TrySetResult(context.Message);
            return Task.CompletedTask;
        }

        public Task PublishFault<T>(PublishContext<T> context, Exception exception) where T : class => Task.CompletedTask;
    }
}
