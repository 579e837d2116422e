using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Datagen;

internal sealed class GenerateSamplesConsumer(SampleGeneration generation, TimeProvider clock) : IConsumer<GenerateSamples>
{
    public Task Consume(ConsumeContext<GenerateSamples> context) =>
        StageConsumer.Consume(context, context.Message.RunId, Stage.Datagen, clock,
            progress => generation.Run(context.Message, progress.Report, context.CancellationToken));
}
