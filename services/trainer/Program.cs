using TsVlm.ServiceDefaults.Hosting;
using TsVlm.ServiceDefaults.Messaging;
using TsVlm.Trainer;
using TsVlm.VisionLanguage.Numerics;

TorchRuntime.ShareTheMachine();
return await ServiceHost.Run(args, service =>
{
    var settings = TrainerSettings.Read(service.Settings);
    service.AddArtifacts();
    service.AddModels();
    service.AddMessaging(bus => bus.AddTrainer(settings));
});
