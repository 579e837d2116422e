using MassTransit;
using TsVlm.Contracts;
using TsVlm.Messaging;

namespace TsVlm.Datagen;

internal sealed class GenerateSamplesConsumer(SampleGeneration generation, StageConsumer stage) : IConsumer<GenerateSamples>
{
    public Task Consume(ConsumeContext<GenerateSamples> context) =>
        stage.Consume(context, Stage.Datagen,
            ArtifactKeys.Samples(
                context.Message.Run), (progress, cancellationToken) => generation.Run(context.Message, progress.Report, cancellationToken));
}

internal sealed class GenerateSamplesConsumerDefinition() : CommandDefinition<GenerateSamplesConsumer>(CommandQueues.GenerateSamples);
