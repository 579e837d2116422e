using MassTransit;
using TsVlm.Contracts;
using TsVlm.ServiceDefaults;

namespace TsVlm.Datagen;

internal sealed class GenerateSamplesConsumer(SampleGeneration generation, StageConsumer stage) : IConsumer<GenerateSamples>
{
    public Task Consume(ConsumeContext<GenerateSamples> context) =>
        stage.Consume(context, Stage.Datagen, ArtifactKeys.Samples(context.Message.Run), (progress, stop) => generation.Run(context.Message, progress.Report, stop));
}

internal sealed class GenerateSamplesConsumerDefinition() : CommandDefinition<GenerateSamplesConsumer>(CommandQueues.GenerateSamples);
